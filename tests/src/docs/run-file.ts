import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { promisify } from 'node:util';

/** Whatever a page or an example is written in, and what runs it. */
export const RUN_BY: Readonly<Record<string, string>> = {
  '.sh': 'sh',
  '.ts': process.execPath,
  '.py': 'python3',
};

export interface Ran {
  readonly code: number;
  /** Of one that failed, with what it wrote to its standard error. */
  readonly output: string;
}

export type Env = Readonly<Record<string, string>>;

/** Runs a file to its end, with nothing in its environment but this. */
export async function runFile(file: string, env: Env, ...args: readonly string[]): Promise<Ran> {
  const program = RUN_BY[extname(file)];
  if (program === undefined) throw new RangeError(`nothing here runs ${file}`);
  const ran = promisify(execFile)(program, [file, ...args], { env: { PATH: process.env['PATH'], ...env } });
  return ran.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, output: stdout + stderr }),
  );
}
