import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PlantedFile } from './lint-main.js';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The rules that fire on each of the files, by the project's own configuration. */
export async function lint(files: readonly PlantedFile[]): Promise<readonly (readonly string[])[]> {
  const script = fileURLToPath(new URL('lint-main.js', import.meta.url));
  const child = spawn(process.execPath, [script], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(files));
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  return JSON.parse(lines.at(-1) ?? '[]') as readonly (readonly string[])[];
}
