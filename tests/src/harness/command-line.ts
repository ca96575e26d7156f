import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Api } from './api.js';

const PATIENCE = 10;
const ROOT = join(dirname(createRequire(import.meta.url).resolve('@tollgate/events')), '../../..');

export interface Typed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The `tollgate` command, typed by somebody who has a server, a key, and a folder with files. */
export class CommandLine {
  /** What `npx tollgate` runs once everything is built. */
  static readonly main = join(ROOT, 'cli/dist/main.js');
  static readonly bin = join(ROOT, 'cli/bin/tollgate.mjs');

  constructor(
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static of({ base, key = '' }: Api, folder: string): CommandLine {
    return new CommandLine(folder, { TOLLGATE_URL: base, TOLLGATE_API_KEY: key });
  }

  type = (...words: readonly string[]): Promise<Typed> => this.typeInto('', ...words);

  /** Again while it says that the record is behind: a busy machine may be, and the contract allows it. */
  async typeInto(input: string, ...words: readonly string[]): Promise<Typed> {
    for (let time = 1; ; time += 1) {
      const child = this.start(...words);
      child.stdin?.end(input);
      const typed = await ended(child);
      if (time === PATIENCE || !typed.err.includes(' s behind')) return typed;
    }
  }

  /** What it answers as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async json(...words: readonly string[]): Promise<any> {
    return JSON.parse((await this.type(...words, '--json')).out);
  }

  start(...words: readonly string[]): ChildProcess {
    return spawn(process.execPath, [CommandLine.main, ...words], this.options);
  }

  /** As npx does, by way of the file that sees to it that everything is installed and built. */
  startBin(...words: readonly string[]): ChildProcess {
    return spawn(process.execPath, [CommandLine.bin, ...words], this.options);
  }

  /** A line of shell, in which `tollgate` is the command. */
  shell(line: string): Promise<Typed> {
    const named = `tollgate() { "${process.execPath}" "${CommandLine.main}" "$@"; }\n${line}`;
    return ended(spawn('sh', ['-c', named], this.options));
  }

  private get options() {
    return { cwd: this.folder, env: { PATH: process.env['PATH'], ...this.env }, stdio: 'pipe' } as const;
  }
}

/** Its exit code and all that it printed. */
export async function ended(child: ChildProcess): Promise<Typed> {
  if (child.stdout === null || child.stderr === null) throw new Error('its output is not ours');
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}
