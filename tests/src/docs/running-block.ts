import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../harness/index.js';
import { codeBlock } from './code-blocks.js';

const PAGE = 'tool-backends.md';
const RUN_BY: Readonly<Record<string, string>> = { ts: process.execPath, py: 'python3' };

/** Writes a block of the page into the folder, under its name. */
export async function written(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, codeBlock(PAGE, name));
  return file;
}

export interface ShellRun {
  readonly code: number;
  readonly output: string;
}

/** Runs a block of shell as it stands on the page. */
export async function shell(
  folder: string,
  name: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<ShellRun> {
  const file = await written(folder, name);
  const ran = promisify(execFile)('sh', [file, ...args], { env: { PATH: process.env['PATH'], ...env } });
  return ran.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, output: stdout + stderr }),
  );
}

/** A backend of the page, as a process of its own. */
export class PageBackend {
  private output = '';
  private readonly exited: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  static async start(folder: string, name: string, secret: string): Promise<PageBackend> {
    const file = await written(folder, name);
    const program = RUN_BY[name.split('.').at(-1) ?? ''] ?? '';
    const env = { PATH: process.env['PATH'], TOOL_SECRET: secret, PORT: '0' };
    const backend = new PageBackend(spawn(program, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    await eventually(`${name} listens`, () => backend.port !== undefined);
    return backend;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port ?? 0}/${path}`;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** It prints the address that it listens on. */
  private get port(): string | undefined {
    return /listening.*?(\d{4,5})\b/s.exec(this.output)?.[1];
  }
}
