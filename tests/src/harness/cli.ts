import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Api } from './api.js';
import type { Installation } from './installation.js';

const require = createRequire(import.meta.url);
const CLI = join(dirname(require.resolve('@tollgate/events')), '../../../cli/dist/main.js');

/** Variables of one call, besides how to reach the servers. */
type Environment = Readonly<Record<string, string>>;

/** The command line tool, as an operator would call it beside the installation; what it prints as JSON. */
export async function cli<T>({ env }: Installation, ...words: readonly (string | Environment)[]): Promise<T> {
  const { NATS_URL, DATABASE_URL } = env;
  const args = words.filter((word) => typeof word === 'string');
  const more: Environment = Object.assign({}, ...words.filter((word) => typeof word !== 'string'));
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args, '--json'], {
    env: { PATH: process.env['PATH'], NATS_URL, DATABASE_URL, ...more },
  });
  return JSON.parse(stdout) as T;
}

interface CreatedTenant {
  readonly id: string;
  readonly admin_key: { readonly id: string; readonly key: string };
}

/** A new tenant, seen with its first admin key. */
export async function newTenant(
  installation: Installation,
  name: string,
): Promise<{ readonly id: string; readonly keyId: string; readonly api: Api }> {
  const { id, admin_key } = await cli<CreatedTenant>(installation, 'admin', 'tenant', 'create', name);
  return { id, keyId: admin_key.id, api: installation.api.as(admin_key.key) };
}
