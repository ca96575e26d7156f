import {
  finish,
  nextEventId,
  type CallHeader,
  type Draft,
  type JournalName,
  type Outcome,
  type PassedCall,
  type TollgateEvent,
} from '@tollgate/events';
import type { ReadMessage } from '../reading/read-message.js';

/** 2026-11-21T12:00:00Z */
export const NOON = Date.UTC(2026, 10, 21, 12);

export function header(callId: string, changes: Partial<CallHeader> = {}): CallHeader {
  return {
    callId,
    runId: `run of ${callId}`,
    agent: 'billing',
    tool: 'pay',
    argsHash: 'hash',
    keyId: 'key_1',
    gateway: 'gw',
    waitUntil: NOON + 30_000,
    requestedAt: NOON,
    deadline: NOON + 900_000,
    requestedId: idAt('policy', NOON),
    policyVersion: 3,
    ...changes,
  };
}

export function passed(call: CallHeader, raw = 'raw arguments'): PassedCall {
  return {
    call,
    args: { callId: call.callId, inline: { p: { raw } } },
    terms: { scope: 'global', cost: 2_500_000, caps: {}, dedupHash: 'dedup', windowSec: 86_400 },
  };
}

export const executedOutcome = (callId: string, raw = 'raw result'): Outcome => ({
  decision: 'executed',
  reason: 'ok',
  spend: 2_500_000,
  result: { callId, inline: { p: { raw } } },
  attempt: 1,
  httpStatus: 200,
});

export const idAt = (journal: JournalName, ms: number): number => nextEventId(0, ms, journal, 0);

/** An event as its journal would hold it, `afterMs` behind noon. */
export const eventAt = (journal: JournalName, afterMs: number, draft: Draft): TollgateEvent =>
  finish(draft, idAt(journal, NOON + afterMs), NOON + afterMs);

/** An event with its place, as the mapping functions take it. */
export const recordedAt = <E extends TollgateEvent>(journal: JournalName, event: E, seq = 1, index = 0) => ({
  journal,
  partition: 0,
  stream: `${journal.toUpperCase()}-0`,
  seq,
  index,
  event,
});

/** A message of a journal, read. */
export const messageOf = (journal: JournalName, seq: number, events: readonly TollgateEvent[]): ReadMessage => ({
  source: {
    kind: 'journal',
    name: `${journal.toUpperCase()}-0`,
    stream: `${journal.toUpperCase()}-0`,
    journal,
    partition: 0,
  },
  seq,
  stampMs: NOON,
  bytes: new TextEncoder().encode(JSON.stringify(events)),
  events,
  positions: {},
  epoch: 'e1',
});
