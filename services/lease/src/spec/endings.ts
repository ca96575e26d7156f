import {
  attemptEnded,
  blocked,
  blockedOutcome,
  deduplicated,
  executed,
  failed,
  failedOutcome,
  inDoubt,
  leaseSettled,
  refusedOutcome,
  resolved,
  settlementAnswered,
  unknownOutcome,
  type DataOf,
  type Draft,
  type PassedCall,
} from '@tollgate/events';
import { DAY, keyOf, NOON, RESULT, TENANT } from './calls.js';

type How = DataOf<typeof leaseSettled>['how'];

const EXECUTED = { decision: 'executed', reason: 'ok', spend: 0, result: RESULT } as const;

/** How other stages end a call. */
export const endedExecuted = ({ call }: PassedCall): Draft => executed.draft(TENANT, { call, outcome: EXECUTED });
export const endedFailed = ({ call }: PassedCall): Draft =>
  failed.draft(TENANT, { call, outcome: failedOutcome('tool_error', 422) });
export const endedBlocked = ({ call }: PassedCall): Draft =>
  blocked.draft(TENANT, { call, outcome: blockedOutcome('max_actions_per_hour_exceeded') });
export const endedInDoubt = ({ call }: PassedCall, heldUntil = NOON + 30 * DAY): Draft =>
  inDoubt.draft(TENANT, { call, outcome: unknownOutcome('timeout', null, 0), heldUntil });
export const resolvedExecuted = ({ call }: PassedCall): Draft => resolved.draft(TENANT, { call, outcome: EXECUTED });
export const resolvedFailed = ({ call }: PassedCall): Draft =>
  resolved.draft(TENANT, { call, outcome: failedOutcome('tool_error') });
export const attempt = ({ call }: PassedCall, known: 'unknown' | 'not_sent' | 'refused'): Draft =>
  attemptEnded.draft(TENANT, { call, attempt: 1, known, httpStatus: null });

/** What an operator says of a call whose end the lease stage could not read. */
export const saidOf = (
  { call: { callId } }: PassedCall,
  says: 'executed' | 'failed' | 'nothing',
  answer: 'settled' | 'still_open' = 'settled',
): Draft => {
  const input = { stage: 'lease', stream: 'DISPATCH-0', seq: 7, index: 0 };
  return settlementAnswered.draft(TENANT, { commandId: 'cmd_1', input, callId, says, answer });
};

/** What the lease stage makes of the holder's end. */
export const settled = (one: PassedCall, how: How): Draft =>
  leaseSettled.draft(TENANT, { leaseKey: keyOf(one), callId: one.call.callId, how });
export const freed = (one: PassedCall): Draft => settled(one, { state: 'free', givesBack: '2026-11' });
export const completed = (one: PassedCall, until: number): Draft =>
  settled(one, { state: 'completed', until, result: RESULT });
export const heldInDoubt = (one: PassedCall, until = NOON + 30 * DAY): Draft =>
  settled(one, { state: 'in-doubt', until, error: { code: 'timeout', status: null } });

/** What repeats are answered. */
export const dedup = ({ call }: PassedCall, original: PassedCall): Draft =>
  deduplicated.draft(TENANT, {
    call,
    outcome: {
      decision: 'dedup',
      reason: 'tool_idempotency',
      spend: 0,
      originalCallId: original.call.callId,
      result: RESULT,
    },
  });
export const unknownToo = ({ call }: PassedCall, original: PassedCall): Draft =>
  failed.draft(TENANT, {
    call,
    outcome: { ...unknownOutcome('timeout', null, 0), originalCallId: original.call.callId },
  });
export const expired = ({ call }: PassedCall): Draft =>
  failed.draft(TENANT, { call, outcome: failedOutcome('expired') });
export const reused = ({ call }: PassedCall): Draft =>
  failed.draft(TENANT, { call, outcome: refusedOutcome('idempotency_key_reused') });
