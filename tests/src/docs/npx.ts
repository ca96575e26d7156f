import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CommandLine } from '../harness/index.js';

/** `npx` takes a second to find the command; this one, in a folder in front of the PATH, knows it. */
export async function pathWithNpx(folder: string): Promise<string> {
  const npx = join(folder, 'npx');
  await writeFile(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${CommandLine.main}" "$@"\n`);
  await chmod(npx, 0o755);
  return [folder, process.env['PATH']].join(delimiter);
}
