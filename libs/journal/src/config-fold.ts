import type { KeyDocument, PolicyDocument, TenantDocument, TollgateEvent, ToolDocument } from '@tollgate/events';

/** A configured thing and the last sequence of its subject, which an edit must expect. */
export interface Versioned<T> {
  readonly value: T;
  readonly seq: number;
  readonly tenant: string;
}

export interface DisabledAgent {
  readonly reason: string | null;
  readonly at: number;
}

/** CONFIG, folded: what is configured as of `seq`. Everybody folds it by this one piece of code. */
export interface ConfigState {
  seq: number;
  readonly tenants: Map<string, Versioned<TenantDocument>>;
  readonly keys: Map<string, Versioned<KeyDocument & { revoked: boolean }>>;
  readonly keyIdByHash: Map<string, string>;
  readonly policies: Map<string, Versioned<PolicyDocument>>;
  /** `undefined` stands for a deleted tool: its subject still has a last sequence. */
  readonly tools: Map<string, Versioned<ToolDocument | undefined>>;
  /** `undefined` stands for an agent that was enabled again. */
  readonly agents: Map<string, Versioned<DisabledAgent | undefined>>;
}

export const emptyConfig = (): ConfigState => ({
  seq: 0,
  tenants: new Map(),
  keys: new Map(),
  keyIdByHash: new Map(),
  policies: new Map(),
  tools: new Map(),
  agents: new Map(),
});

/** Ids may hold any character but control characters, so this separator keeps tuples apart. */
const SEPARATOR = '\u0000';
const tuple = (...parts: string[]): string => parts.join(SEPARATOR);

export function foldConfig(state: ConfigState, seq: number, event: TollgateEvent): ConfigState {
  const { tenant } = event;
  state.seq = seq;
  switch (event.type) {
    case 'tenant-created': {
      const { id, name, at } = event.data;
      state.tenants.set(id, { value: { id, name, at }, seq, tenant });
      break;
    }
    case 'tenant-changed':
      state.tenants.set(event.data.tenant.id, { value: event.data.tenant, seq, tenant });
      break;
    case 'key-created':
      state.keys.set(event.data.key.id, { value: { ...event.data.key, revoked: false }, seq, tenant });
      state.keyIdByHash.set(event.data.key.hash, event.data.key.id);
      break;
    case 'key-revoked': {
      const key = state.keys.get(event.data.id);
      if (key !== undefined) state.keys.set(event.data.id, { ...key, seq, value: { ...key.value, revoked: true } });
      break;
    }
    case 'policy-set':
      state.policies.set(tuple(tenant, event.data.policy.agent), { value: event.data.policy, seq, tenant });
      break;
    case 'tool-set':
      state.tools.set(tuple(tenant, event.data.tool.scope, event.data.tool.name), {
        value: event.data.tool,
        seq,
        tenant,
      });
      break;
    case 'tool-deleted':
      state.tools.set(tuple(tenant, event.data.scope, event.data.name), { value: undefined, seq, tenant });
      break;
    case 'agent-disabled':
      state.agents.set(tuple(tenant, event.data.agent), { value: event.data, seq, tenant });
      break;
    case 'agent-enabled':
      state.agents.set(tuple(tenant, event.data.agent), { value: undefined, seq, tenant });
      break;
    default:
      break;
  }
  return state;
}

export type KeyEntry = Versioned<KeyDocument & { revoked: boolean }>;

export function findKey(state: ConfigState, hash: string): KeyEntry | undefined {
  const id = state.keyIdByHash.get(hash);
  return id === undefined ? undefined : state.keys.get(id);
}

/** A key opens nothing once it is revoked or past its expiry (`now` in ms since the epoch). */
export const keyIsValid = (key: KeyEntry | undefined, now: number): key is KeyEntry =>
  key !== undefined && !key.value.revoked && (key.value.expiresAt === null || key.value.expiresAt > now);

export const agentScope = (agent: string): string => `agent:${agent}`;

export const toolEntry = (
  state: ConfigState,
  tenant: string,
  scope: string,
  name: string,
): Versioned<ToolDocument | undefined> | undefined => state.tools.get(tuple(tenant, scope, name));

/** The agent's own scope first, then `global`; the first found decides, also when disabled (contract 3.1). */
export const findTool = (state: ConfigState, tenant: string, agent: string, name: string): ToolDocument | undefined =>
  toolEntry(state, tenant, agentScope(agent), name)?.value ?? toolEntry(state, tenant, 'global', name)?.value;

export const policyEntry = (state: ConfigState, tenant: string, agent: string): Versioned<PolicyDocument> | undefined =>
  state.policies.get(tuple(tenant, agent));

export const agentEntry = (
  state: ConfigState,
  tenant: string,
  agent: string,
): Versioned<DisabledAgent | undefined> | undefined => state.agents.get(tuple(tenant, agent));

export const isDisabled = (state: ConfigState, tenant: string, agent: string): boolean =>
  agentEntry(state, tenant, agent)?.value !== undefined;
