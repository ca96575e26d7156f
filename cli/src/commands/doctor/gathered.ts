import { randomUUID } from 'node:crypto';
import type { Api } from '../../api/api.js';
import { path, query } from '../../api/path.js';
import { Refusal } from '../../api/refusal.js';
import type { Call } from '../calls/call-text.js';
import type { ListedCall } from '../calls/list-text.js';
import type { Key } from '../keys/keys-text.js';
import type { StoredPolicy } from '../policy/policy-text.js';
import { agentOfScope } from '../tools/scope.js';
import type { Tool } from '../tools/tools-text.js';
import type { Facts, KeyFacts, Readiness, TenantFacts } from './facts.js';
import { replicasIn } from './replicas.js';

const NEWEST = 500;

/** @throws Unavailable when the server is away: then there is nothing to say about it */
export async function gathered(api: Api, now: number): Promise<Facts> {
  const key = await keyFacts(api);
  return {
    now,
    base: api.server.base,
    key,
    readiness: await readiness(api),
    replicas: replicasIn(await answered(api, '/metricsz')),
    tenant: key.is === 'good' ? await tenantFacts(api) : undefined,
  };
}

async function keyFacts(api: Api): Promise<KeyFacts> {
  try {
    const { plan, key_preview } = await api.get<{ plan: string; key_preview: string | null }>('/v1/me');
    return { is: 'good', plan, preview: key_preview };
  } catch (error) {
    if (error instanceof Refusal) return { is: 'refused', why: error.message };
    throw error;
  }
}

/** Whatever its status: a gateway that is not ready says so with 503. */
async function readiness(api: Api): Promise<Readiness | undefined> {
  const said = await answered(api, '/readyz');
  return typeof said === 'object' && said !== null && 'missing' in said ? (said as Readiness) : undefined;
}

/** These two are outside the API, and may be kept from whoever is not an operator. */
async function answered(api: Api, address: string): Promise<unknown> {
  const tried = await api.try('GET', address);
  return tried.is === 'answered' ? tried.body : undefined;
}

async function tenantFacts(api: Api): Promise<TenantFacts | undefined> {
  const keys = await keysOf(api);
  if (keys === undefined) return undefined;
  const tools = await api.get<readonly Tool[]>('/v1/tools?scope_id=all');
  return {
    keys,
    tools,
    policies: await api.get<readonly StoredPolicy[]>('/v1/policies'),
    calls: await api.get<readonly ListedCall[]>(`/v1/calls${query({ limit: NEWEST })}`),
    inDoubt: await api.get<readonly ListedCall[]>(`/v1/calls${query({ status: 'in_doubt', limit: NEWEST })}`),
    withoutPolicy: await withoutPolicy(api, tools),
    planCaps: await planCaps(api, tools),
  };
}

/** Only an admin key may list keys. */
async function keysOf(api: Api): Promise<readonly Key[] | undefined> {
  try {
    return await api.get<readonly Key[]>('/v1/keys');
  } catch (error) {
    if (error instanceof Refusal && error.code === 'forbidden') return undefined;
    throw error;
  }
}

/** Asked of an agent that nobody is; nothing is done, and nothing is kept. */
async function withoutPolicy(api: Api, tools: readonly Tool[]): Promise<TenantFacts['withoutPolicy']> {
  const tried = await triedCall(api, tools.find(isEverybodys));
  if (tried === undefined) return 'unknown';
  return tried.decision === 'blocked' ? 'blocked' : 'open';
}

/** The table of plans is the installation's own: what a cap would do says whether the plan has caps. */
async function planCaps(api: Api, tools: readonly Tool[]): Promise<TenantFacts['planCaps']> {
  const tool = tools.find(isEverybodys) ?? tools.find(({ enabled }) => enabled);
  const tried = await triedCall(api, tool, { max_actions_per_hour: 0 });
  if (tried?.decision === 'dry_run') return 'trimmed';
  return tried?.policy_reason === 'max_actions_per_hour_exceeded' ? 'kept' : 'unknown';
}

const isEverybodys = ({ enabled, scope_id }: Tool): boolean => enabled && agentOfScope(scope_id) === undefined;

/**
 * What a call would be answered, of the agent whose tool it is, else of one that nobody is; undefined where it would be
 * refused, for one because the credits of the month are used up. No call before was made with these arguments.
 */
async function triedCall(api: Api, tool: Tool | undefined, policy?: object): Promise<Call | undefined> {
  if (tool === undefined) return undefined;
  const agent = agentOfScope(tool.scope_id) ?? randomUUID();
  const call = { tool: tool.name, args: { tried: randomUUID() }, policy };
  try {
    return await api.post<Call>(path`/v1/policies/${agent}/test`, call);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
