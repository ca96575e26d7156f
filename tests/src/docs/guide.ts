import { eventually, type Installation } from '../harness/index.js';
import { codeBlock, codeBlocks } from './code-blocks.js';
import type { Env, Ran } from './run-file.js';
import { PageBackend, runBlock, RunningBlock, written } from './running-block.js';

// A test looks into it as it likes.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/** A page of docs/ that is read, block after block, by somebody who has a Tollgate. */
export class Guide {
  private readonly used = new Set<string>();

  constructor(
    readonly page: string,
    readonly tollgate: () => Installation,
    readonly folder: () => string,
  ) {}

  /** Runs a block, with the address, the admin key, and what else is said. */
  run(name: string, env: Env = {}, ...args: readonly string[]): Promise<Ran> {
    return runBlock(this.block(name), this.around(env), ...args);
  }

  /** Starts a block that does not end by itself. */
  follow(name: string, env: Env = {}, ...args: readonly string[]): Promise<RunningBlock> {
    return RunningBlock.start(this.block(name), this.around(env), ...args);
  }

  /** What a block answered, which must be JSON, and its exit code 0. */
  async json(name: string, env: Env = {}, ...args: readonly string[]): Promise<Json> {
    const { code, output } = await this.run(name, env, ...args);
    if (code !== 0) throw new Error(`${name} of ${this.page} failed: ${output}`);
    return JSON.parse(output) as Json;
  }

  /** A read: a busy machine may be behind with what was answered, so it is asked until that is there. */
  async until(name: string, holds: (said: Json) => boolean, env: Env = {}, ...args: readonly string[]): Promise<Json> {
    let said: Json;
    await eventually(`${name} of ${this.page}`, async () => holds((said = await this.json(name, env, ...args))));
    return said;
  }

  /** For a block that is used in another way than by the methods here. */
  name(name: string): void {
    this.used.add(name);
  }

  /** The block as a file, for another block to read. */
  written(name: string): Promise<string> {
    return written(this.block(name));
  }

  /** A block of JSON that is shown. */
  shown(name: string): Json {
    this.used.add(name);
    return JSON.parse(codeBlock(this.page, name)) as Json;
  }

  serve(name: string, secret: string): Promise<PageBackend> {
    return PageBackend.start(this.block(name), secret);
  }

  /** A key that speaks for this agent alone. */
  async agentKey(agent: string): Promise<string> {
    const { body } = await this.tollgate().api.post('/v1/keys', { role: 'agent', agents: [agent] });
    return body.key as string;
  }

  /** The last test of a page. */
  everyBlockIsRun(): void {
    it('has no block that is not run here', () => {
      expect([...this.used].sort()).toEqual(
        codeBlocks(this.page)
          .map(({ name }) => name)
          .sort(),
      );
    });
  }

  private around(env: Env): Env {
    const { api, adminKey } = this.tollgate();
    return { TOLLGATE_URL: api.base, TOLLGATE_ADMIN_KEY: adminKey, ...env };
  }

  private block(name: string) {
    this.used.add(name);
    return { page: this.page, folder: this.folder(), name };
  }
}
