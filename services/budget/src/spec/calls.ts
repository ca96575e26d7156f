import {
  blocked,
  blockedOutcome,
  budgetReleased,
  budgetReserved,
  capChecking,
  failed,
  failedOutcome,
  leaseAcquired,
  resolved,
  settlementAnswered,
  type Caps,
  type Draft,
  type FailureCode,
  type LeasedCall,
  type PolicyMode,
  type Reason,
} from '@tollgate/events';

export const NOON = Date.UTC(2026, 10, 21, 12);
export const MIDNIGHT = Date.UTC(2026, 10, 22);
export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;
export const DAY = 24 * HOUR;
export const DEADLINE = 3 * DAY;
export const TENANT = 'acme';
export const USD = 1_000_000;

export interface CallChanges {
  readonly agent?: string;
  readonly tool?: string;
  readonly cost?: number;
  readonly caps?: Caps;
  readonly mode?: PolicyMode;
}

/** A call as the lease hands it on; free and without caps unless changed. */
export function leased(callId: string, changes: CallChanges = {}) {
  const { agent = 'billing', tool = 'pay', cost = 0, caps = {}, mode } = changes;
  const call = {
    callId,
    runId: callId,
    agent,
    tool,
    argsHash: 'args',
    keyId: 'key_1',
    gateway: 'gw',
    waitUntil: NOON + 30 * SECOND,
    requestedAt: NOON,
    deadline: NOON + DEADLINE,
    requestedId: 1,
  };
  const terms = { scope: 'global', cost, caps, dedupHash: 'args', windowSec: 60, ...(mode && { mode }) };
  const args = { callId, inline: { k: 'k', b: 'sealed' } };
  return { call, terms, args, grant: { leaseKey: callId, outgoingKey: `tg_${callId}` } } satisfies LeasedCall;
}

/** The input, and what the stage makes of it. */
export const acquired = (one: LeasedCall): Draft => leaseAcquired.draft(TENANT, { ...one, claim: one.call.callId });
export const reserved = (one: LeasedCall): Draft => budgetReserved.draft(TENANT, one);
export const checking = (one: LeasedCall): Draft => capChecking.draft(TENANT, one);
export const released = ({ call }: LeasedCall, what: 'all' | 'money'): Draft =>
  budgetReleased.draft(TENANT, { agent: call.agent, callId: call.callId, what });
export const refused = (
  { call }: LeasedCall,
  reason: Reason,
  limit: number,
  remaining: number,
  retryAfterSec: number | null,
): Draft => blocked.draft(TENANT, { call, outcome: blockedOutcome(reason, { limit, remaining, retryAfterSec }) });
export const expired = ({ call }: LeasedCall): Draft =>
  failed.draft(TENANT, { call, outcome: failedOutcome('expired') });

/** How the dispatcher ends a call. */
export const endedFailed = ({ call }: LeasedCall, code: FailureCode): Draft =>
  failed.draft(TENANT, { call, outcome: failedOutcome(code) });
export const endedDisabled = ({ call }: LeasedCall): Draft =>
  blocked.draft(TENANT, { call, outcome: blockedOutcome('agent_disabled') });
export const resolvedFailed = ({ call }: LeasedCall): Draft =>
  resolved.draft(TENANT, { call, outcome: failedOutcome('tool_error') });
export const resolvedExecuted = ({ call, terms }: LeasedCall): Draft =>
  resolved.draft(TENANT, { call, outcome: { decision: 'executed', reason: 'ok', spend: terms.cost } });

/** What an operator says of a call whose end the budget stage could not read. */
export const saidOf = (
  { call: { callId } }: LeasedCall,
  says: 'executed' | 'failed' | 'nothing',
  answer: 'settled' | 'still_open' = 'settled',
): Draft => {
  const input = { stage: 'budget', stream: 'DISPATCH-0', seq: 7, index: 0 };
  return settlementAnswered.draft(TENANT, { commandId: 'cmd_1', input, callId, says, answer });
};
