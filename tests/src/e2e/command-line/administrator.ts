import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fresh } from '../../contract/installed.js';
import { CommandLine, TOOL_SECRET, type Installation } from '../../harness/index.js';

export const CALL_ID = /call_[\w-]+/;

/** Administers a live installation by typing, in a folder with files. */
export class Administrator {
  private at: { readonly folder: string; readonly line: CommandLine } | undefined;

  constructor(readonly tollgate: () => Installation) {}

  /** At the server's address of now, which is typed to also when no server is there. */
  begin(): void {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-typed-'));
    this.at = { folder, line: CommandLine.of(this.tollgate().api, folder) };
    this.file('tool.secret', `${TOOL_SECRET}\n`);
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }

  get folder(): string {
    return this.begun.folder;
  }

  file = (name: string, content: string): string => {
    writeFileSync(join(this.folder, name), content);
    return name;
  };

  type = (...words: readonly string[]) => this.begun.line.type(...words);
  typeInto = (input: string, ...words: readonly string[]) => this.begun.line.typeInto(input, ...words);
  json = (...words: readonly string[]) => this.begun.line.json(...words);
  shell = (line: string) => this.begun.line.shell(line);
  startBin = (...words: readonly string[]) => this.begun.line.startBin(...words);

  done = async (...words: readonly string[]): Promise<string> => {
    const typed = await this.type(...words);
    expect(typed).toEqual({ code: 0, out: typed.out, err: '' });
    return typed.out;
  };

  /** A tool of the test's own tool server, registered by the command. */
  registered = async (...options: readonly string[]): Promise<string> => {
    const name = fresh('tool');
    const where = ['--endpoint', this.tollgate().tool.url(name), '--secret-file', 'tool.secret'];
    expect(await this.done('tools', 'register', name, ...where, ...options)).toMatch(new RegExp(`^name +${name}\n`));
    return name;
  };

  private get begun() {
    if (this.at === undefined) throw new Error('nobody types yet');
    return this.at;
  }
}
