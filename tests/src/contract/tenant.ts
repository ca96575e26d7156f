import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Api, Installation } from '../harness/index.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';

const CLI = join(dirname(createRequire(import.meta.url).resolve('@tollgate/events')), '../../../cli/dist/main.js');

/** The command line of the server, as an operator calls it. */
export async function adminCommand(installation: Installation, ...words: readonly string[]): Promise<Json> {
  const env = { PATH: process.env['PATH'], ...installation.env };
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'admin', ...words, '--json'], { env });
  return JSON.parse(stdout);
}

/** A tenant of its own, and its first admin key's view of the gateway. */
export async function createTenant(
  installation: Installation,
  name: string,
  plan?: string,
): Promise<{ id: string; api: Api }> {
  const onPlan = plan === undefined ? [] : ['--plan', plan];
  const { id, admin_key } = await adminCommand(installation, 'tenant', 'create', name, ...onPlan);
  return { id, api: PatientApi.of(installation.api).as(admin_key.key) };
}
