import { readFileSync, statSync } from 'node:fs';

/** Reads a file that nobody but its owner may read. The messages name neither the path nor what is inside. */
export function readSecretFile(path: string): string {
  if (modeOf(path) & 0o077 && process.platform !== 'win32') {
    throw new Error('others than its owner may read it (chmod 600)');
  }
  return readFileSync(path, 'utf8');
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode;
  } catch (error) {
    throw new Error(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause: error });
  }
}
