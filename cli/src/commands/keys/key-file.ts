import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { UsageError } from '../../usage-error.js';

/** Takes a new file, which only its owner reads, before there is a key that could be lost for want of one. */
export async function savedTo<T extends { readonly key: string }>(file: string, make: () => Promise<T>): Promise<T> {
  const open = opened(file);
  try {
    const made = await make();
    writeSync(open, `${made.key}\n`);
    return made;
  } catch (error) {
    unlinkSync(file);
    throw error;
  } finally {
    closeSync(open);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new UsageError(`${file} cannot be made, or is there already`, '', { cause });
  }
}
