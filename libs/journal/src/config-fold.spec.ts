import {
  agentDisabled,
  agentEnabled,
  finish,
  keyCreated,
  keyRevoked,
  policySet,
  tenantCreated,
  toolDeleted,
  toolSet,
  type Draft,
  type KeyDocument,
  type ToolDocument,
} from '@tollgate/events';
import {
  agentEntry,
  emptyConfig,
  findKey,
  findTool,
  foldConfig,
  isDisabled,
  keyIsValid,
  policyEntry,
  toolEntry,
} from './config-fold.js';

const by = 'key_admin';
const tool: ToolDocument = {
  name: 'pay',
  scope: 'global',
  url: 'https://tools.example/pay',
  secret: { k: 'k', b: 'sealed' },
  secretId: 'sec',
  secretMask: '***',
  timeoutMs: 1_000,
  maxRetries: 0,
  enabled: true,
  onUnknown: 'hold',
  dedupWindowSec: 60,
  runIdIsArgument: false,
  serverErrorIs: 'failed',
  createdAt: 0,
  updatedAt: 0,
};
const key: KeyDocument = {
  id: 'key_1',
  hash: 'hash_1',
  preview: 'tg_live_…',
  name: null,
  role: 'agent',
  agents: ['*'],
  createdAt: 0,
  expiresAt: null,
};
const toolIs = (change: Partial<ToolDocument> = {}, tenant = 'acme'): Draft =>
  toolSet.draft(tenant, { by, tool: { ...tool, ...change } });
const keyIs = (change: Partial<KeyDocument> = {}, tenant = 'acme'): Draft =>
  keyCreated.draft(tenant, { by, key: { ...key, ...change } });
const policyIs = (version: number, agent = 'billing', tenant = 'acme'): Draft =>
  policySet.draft(tenant, { by, policy: { agent, version, updatedAt: 0 } });

/** The configuration after these changes, the first of them at sequence 1. */
const after = (...changes: readonly Draft[]) =>
  changes.reduce((state, change, index) => foldConfig(state, index + 1, finish(change, 0, 1_000)), emptyConfig());

describe('a tool', () => {
  it('is found in the scope of the agent first, then globally', () => {
    const config = after(toolIs(), toolIs({ scope: 'agent:billing', timeoutMs: 2_000 }));
    expect(findTool(config, 'acme', 'billing', 'pay')?.timeoutMs).toBe(2_000);
    expect(findTool(config, 'acme', 'support', 'pay')?.timeoutMs).toBe(1_000);
  });

  it('decides there also when it is disabled, and not any more when it is deleted', () => {
    const own = toolIs({ scope: 'agent:billing', enabled: false });
    const gone = toolDeleted.draft('acme', { by, name: 'pay', scope: 'agent:billing' });
    expect(findTool(after(toolIs(), own), 'acme', 'billing', 'pay')?.enabled).toBe(false);
    expect(findTool(after(toolIs(), own, gone), 'acme', 'billing', 'pay')?.scope).toBe('global');
  });

  it('keeps its last sequence when it is deleted, so that an edit can expect it', () => {
    const config = after(toolIs(), toolDeleted.draft('acme', { by, name: 'pay', scope: 'global' }));
    expect(toolEntry(config, 'acme', 'global', 'pay')).toEqual({ value: undefined, seq: 2, tenant: 'acme' });
  });

  it('is no other tenant’s, and names match exactly', () => {
    const config = after(toolIs());
    expect(findTool(config, 'globex', 'billing', 'pay')).toBeUndefined();
    expect(findTool(config, 'acme', 'billing', 'Pay')).toBeUndefined();
  });
});

describe('an API key', () => {
  it('is found by its hash and is good until it is revoked', () => {
    const revoked = keyRevoked.draft('acme', { by, id: 'key_1' });
    expect(keyIsValid(findKey(after(keyIs()), 'hash_1'), 1_000)).toBe(true);
    expect(keyIsValid(findKey(after(keyIs(), revoked), 'hash_1'), 1_000)).toBe(false);
    expect(findKey(after(keyIs(), revoked), 'hash_1')?.seq).toBe(2);
  });

  it('is good until it expires, and not at that time', () => {
    const entry = findKey(after(keyIs({ expiresAt: 5_000 })), 'hash_1');
    expect([keyIsValid(entry, 4_999), keyIsValid(entry, 5_000)]).toEqual([true, false]);
  });

  it('that nobody knows is good for nothing', () => {
    expect(keyIsValid(findKey(after(keyIs()), 'hash_2'), 1_000)).toBe(false);
    expect(after(keyRevoked.draft('acme', { by, id: 'key_9' })).keys.size).toBe(0);
  });

  it('says whose it is', () => {
    expect(findKey(after(keyIs({}, 'globex')), 'hash_1')?.tenant).toBe('globex');
  });
});

describe('a policy', () => {
  it('stands as it was set last', () => {
    expect(policyEntry(after(policyIs(1), policyIs(2)), 'acme', 'billing')).toMatchObject({
      value: { version: 2 },
      seq: 2,
    });
  });

  it('is of one agent of one tenant, however their names are cut', () => {
    const config = after(policyIs(1, 'b', 'a'), policyIs(2, 'ab', ''));
    expect(policyEntry(config, 'a', 'b')?.value.version).toBe(1);
    expect(policyEntry(config, 'acme', 'b')).toBeUndefined();
  });
});

describe('an agent', () => {
  const off = agentDisabled.draft('acme', { by, agent: 'billing', reason: 'loops', at: 9 });
  const on = agentEnabled.draft('acme', { by, agent: 'billing' });

  it('is disabled until it is enabled, and only it', () => {
    expect(isDisabled(after(off), 'acme', 'billing')).toBe(true);
    expect(isDisabled(after(off), 'acme', 'support')).toBe(false);
    expect(isDisabled(after(off), 'globex', 'billing')).toBe(false);
    expect(isDisabled(after(off, on), 'acme', 'billing')).toBe(false);
    expect(isDisabled(after(), 'acme', 'billing')).toBe(false);
  });

  it('keeps why and when, and its last sequence when it is enabled', () => {
    expect(agentEntry(after(off), 'acme', 'billing')?.value).toMatchObject({ reason: 'loops', at: 9 });
    expect(agentEntry(after(off, on), 'acme', 'billing')).toEqual({ value: undefined, seq: 2, tenant: 'acme' });
  });
});

describe('the configuration', () => {
  it('says how far it goes, also behind what it does not know', () => {
    const tenant = tenantCreated.draft('acme', { by: '-', id: 'acme', name: 'Acme', at: 1 });
    expect(after(tenant).tenants.get('acme')?.value.name).toBe('Acme');
    expect(after(tenant, { type: 'hold-ended', tenant: 'acme', data: { callId: 'c' } }).seq).toBe(2);
  });
});
