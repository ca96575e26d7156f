import { mintApiKey } from '@tollgate/sealing';
import { rm } from 'node:fs/promises';
import { keptSecret, readIfThere, writeSecretFile } from '../servers/index.js';
import { ApiError, post } from './api.js';
import type { DataFolder } from './data-folder.js';
import { SAMPLE_TOOL } from './sample-tool.js';
import type { SampleToolAccess } from './sample-tool.js';

export const SAMPLE_AGENT = 'sample-agent';

/** Where a first start stands. */
export type Setup =
  | { readonly state: 'done' }
  | {
      readonly state: 'needed';
      readonly adminKey: string;
      /** Made by us, so it must be shown; else it is the person's own. */
      readonly minted: boolean;
    };

/**
 * The minted key lies in a file until it has been shown: a first start that is broken off goes on with the same one,
 * which the installation may know already.
 */
export async function setupState(folder: DataFolder, given: string | undefined): Promise<Setup> {
  if ((await readIfThere(folder.setup)) !== undefined) return { state: 'done' };
  if (given) return { state: 'needed', adminKey: given, minted: false };
  return { state: 'needed', adminKey: await keptSecret(folder.firstAdminKey, mintApiKey), minted: true };
}

export type SetupOutcome =
  | { readonly made: true; readonly agentKey: string }
  /** The servers are those of an installation that has its keys already. */
  | { readonly made: false };

/** Makes the sample tool, its agent's policy and a key for that agent. */
export async function makeSample(base: string, adminKey: string, tool: SampleToolAccess): Promise<SetupOutcome> {
  try {
    await post(base, '/v1/tools', adminKey, {
      name: SAMPLE_TOOL,
      url: `http://127.0.0.1:${tool.port}/charge`,
      auth: { type: 'hmac_sha256', secret: tool.secret },
      description: 'The sample tool that npm start serves: it counts, and charges nobody.',
    });
    await post(base, `/v1/policies/${SAMPLE_AGENT}`, adminKey, {
      allowed_tools: [SAMPLE_TOOL],
      max_actions_per_hour: 100,
      max_spend_usd_per_day: 100,
    });
    const role = { name: 'sample agent', role: 'agent', agents: [SAMPLE_AGENT] };
    const { key } = await post<{ key: string }>(base, '/v1/keys', adminKey, role);
    return { made: true, agentKey: key };
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return { made: false };
    throw error;
  }
}

/** From here on nobody but their holders knows the keys. */
export async function completeSetup(folder: DataFolder): Promise<void> {
  await writeSecretFile(folder.setup, JSON.stringify({ completed: new Date().toISOString() }));
  await rm(folder.firstAdminKey, { force: true });
}
