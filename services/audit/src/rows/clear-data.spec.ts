import {
  decodeEvent,
  executed,
  inDoubt,
  keyCreated,
  leaseSettled,
  policyPassed,
  resolved,
  toolSet,
  unknownOutcome,
  type Draft,
} from '@tollgate/events';
import { eventAt, executedOutcome, header, passed } from '../spec/events.js';
import { clearData } from './clear-data.js';

const CANARY = 'canary-4f1c';
const call = header('call_1');
const payload = { callId: 'call_1', inline: { p: { value: CANARY } } };
const outcome = executedOutcome('call_1', CANARY);

const withCanary: readonly Draft[] = [
  policyPassed.draft('acme', passed(call, CANARY)),
  executed.draft('acme', { call, outcome }),
  inDoubt.draft('acme', { call, outcome: { ...unknownOutcome('timeout', 504, 1), result: payload }, heldUntil: 1 }),
  resolved.draft('acme', { call, outcome }),
  leaseSettled.draft('acme', {
    leaseKey: 'k',
    callId: 'call_1',
    how: { state: 'completed', until: 1, result: payload },
  }),
  toolSet.draft('acme', {
    by: 'key_1',
    tool: {
      name: 'pay',
      scope: 'global',
      url: 'https://tools.example/pay',
      secret: { p: CANARY },
      previous: { secret: { p: CANARY }, secretId: 's0', until: 1 },
      secretId: 's',
      secretMask: '***',
      timeoutMs: 1_000,
      maxRetries: 0,
      enabled: true,
      onUnknown: 'hold',
      dedupWindowSec: 0,
      runIdIsArgument: false,
      serverErrorIs: 'failed',
      createdAt: 0,
      updatedAt: 0,
    },
  }),
  keyCreated.draft('acme', {
    by: 'key_1',
    key: {
      id: 'key_2',
      hash: CANARY,
      preview: 'tg_live_…abc',
      name: null,
      role: 'agent',
      agents: ['a'],
      createdAt: 0,
      expiresAt: null,
    },
  }),
];

describe('what anybody may read of an event', () => {
  it.each(withCanary.map((draft) => [draft.type, draft] as const))(
    'G6: holds no argument, result, secret or hash of a key: %s',
    (_type, draft) => {
      const event = decodeEvent(eventAt('dispatch', 1, draft));
      expect(JSON.stringify(event)).toContain(CANARY);
      expect(JSON.stringify(clearData(event))).not.toContain(CANARY);
    },
  );
});
