import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.js';

/** A fresh log; that of the start before stays beside it. */
export async function freshLog(folder: DataFolder, name: string): Promise<string> {
  const file = join(folder.logs, `${name}.log`);
  await rename(file, join(folder.logs, `${name}.previous.log`)).catch(() => undefined); // there may be none
  return file;
}
