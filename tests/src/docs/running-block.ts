import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { eventually } from '../harness/index.js';
import { codeBlock } from './code-blocks.js';
import { RUN_BY, runFile, type Env, type Ran } from './run-file.js';

/** A block of a page of docs/, written into a folder under its name. */
export interface Block {
  readonly page: string;
  readonly folder: string;
  readonly name: string;
}

export async function written({ page, folder, name }: Block): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, codeBlock(page, name));
  return file;
}

/** Runs a block as it stands on its page. */
export async function runBlock(block: Block, env: Env, ...args: readonly string[]): Promise<Ran> {
  return runFile(await written(block), env, ...args);
}

/** A block that runs until it is stopped, as a process of its own. */
export class RunningBlock {
  private output = '';
  private readonly exited: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  static async start(block: Block, env: Env, ...args: readonly string[]): Promise<RunningBlock> {
    const file = await written(block);
    const program = RUN_BY[extname(file)] ?? '';
    const around = { PATH: process.env['PATH'], ...env };
    return new RunningBlock(spawn(program, [file, ...args], { env: around, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get said(): string {
    return this.output;
  }

  /** Waits until what it has said holds; fails with what it said where that does not come, or where it has ended. */
  async until(what: string, holds: (said: string) => boolean): Promise<void> {
    const isThere = () => {
      if (holds(this.output)) return true;
      if (this.child.exitCode === null) return false;
      throw new Error(`has ended with ${this.child.exitCode} before ${what}`);
    };
    await eventually(what, isThere).catch((error: Error) => {
      throw new Error(`${error.message}; it said: ${this.output}`);
    });
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

/** A tool backend of a page. */
export class PageBackend {
  private constructor(private readonly running: RunningBlock) {}

  static async start(block: Block, secret: string): Promise<PageBackend> {
    const backend = new PageBackend(await RunningBlock.start(block, { TOOL_SECRET: secret, PORT: '0' }));
    await backend.running.until(`${block.name} listens`, () => backend.port !== undefined);
    return backend;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port ?? 0}/${path}`;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  /** It prints the address that it listens on. */
  private get port(): string | undefined {
    return /listening.*?(\d{4,5})\b/s.exec(this.running.said)?.[1];
  }
}
