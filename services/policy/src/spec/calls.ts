import {
  agentDisabled,
  keyCreated,
  keyRevoked,
  policySet,
  toolSet,
  type CallHeader,
  type DataOf,
  type Draft,
  type KeyDocument,
  type PolicyDocument,
  type requested,
  type ToolDocument,
} from '@tollgate/events';

export const NOON = Date.UTC(2026, 10, 21, 12);
export const SECOND = 1_000;
export const DEADLINE = 900 * SECOND;
export const TENANT = 'acme';
/** The id that the host reserves for a call of a spec. */
export const REQUESTED_ID = 77;

type Requested = DataOf<typeof requested>;

/** A call as a gateway puts it into CALLS: what only policy can know is 0. */
export const header = (change: Partial<CallHeader> = {}): CallHeader => ({
  callId: 'call_1',
  runId: 'run_1',
  agent: 'billing',
  tool: 'pay',
  argsHash: 'all arguments',
  keyId: 'key_1',
  gateway: 'gw',
  waitUntil: NOON + 30 * SECOND,
  requestedAt: 0,
  deadline: 0,
  requestedId: 0,
  ...change,
});

export const request = (change: Partial<Requested> = {}): Requested => ({
  call: header(),
  args: { callId: 'call_1', inline: { k: 'k', b: 'sealed' } },
  spend: 0,
  role: 'agent',
  ...change,
});

/** The header as policy completes it. */
export const completed = (change: Partial<CallHeader> = {}): CallHeader =>
  header({
    requestedAt: NOON,
    deadline: NOON + DEADLINE,
    requestedId: REQUESTED_ID,
    policyVersion: 3,
    ...change,
  });

const key: KeyDocument = {
  id: 'key_1',
  hash: 'hash',
  preview: 'tg_live_…',
  name: null,
  role: 'agent',
  agents: ['billing'],
  createdAt: 0,
  expiresAt: null,
};
const policy: PolicyDocument = { agent: 'billing', version: 3, updatedAt: 0 };
const tool: ToolDocument = {
  name: 'pay',
  scope: 'global',
  url: 'https://tools.example/pay',
  secret: { k: 'k', b: 'sealed' },
  secretId: 'sec_1',
  secretMask: '***',
  timeoutMs: 15_000,
  maxRetries: 2,
  enabled: true,
  onUnknown: 'hold',
  dedupWindowSec: 86_400,
  runIdIsArgument: false,
  serverErrorIs: 'failed',
  createdAt: 0,
  updatedAt: 0,
};

/** What is configured. */
export const keyIs = (change: Partial<KeyDocument> = {}, tenant = TENANT): Draft =>
  keyCreated.draft(tenant, { by: '-', key: { ...key, ...change } });
export const keyIsRevoked = (): Draft => keyRevoked.draft(TENANT, { by: '-', id: 'key_1' });
export const policyIs = (change: Partial<PolicyDocument> = {}): Draft =>
  policySet.draft(TENANT, { by: '-', policy: { ...policy, ...change } });
export const toolIs = (change: Partial<ToolDocument> = {}, tenant = TENANT): Draft =>
  toolSet.draft(tenant, { by: '-', tool: { ...tool, ...change } });
export const agentIsDisabled = (): Draft =>
  agentDisabled.draft(TENANT, { by: '-', agent: 'billing', reason: null, at: NOON });
/** A key, a policy that restricts nothing, and a tool. */
export const CONFIGURED = [keyIs(), policyIs(), toolIs()];
