import { isEnding, type EndingEvent } from '@tollgate/events';
import type { CallAnswer } from '@tollgate/gateway';
import type { JournalRecord } from '../journal-record.js';
import type { ClientCall } from '../sim-gateway.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What clocks may be off until it is noticed. */
const CLOCK_MS = 12_000;

export const WITHOUT_RESULT = 'without its result';

/** Nobody waits for ever (G2). */
export const clientsAreAnswered = ({ everyGateway, clients, administrators }: Simulation): Violation[] => [
  ...everyGateway.flatMap(({ isQuiet, process }) =>
    isQuiet ? [] : [{ guarantee: 'G2', what: `requests at ${process.name} are never answered` }],
  ),
  ...(clients.areQuiet ? [] : [{ guarantee: 'G2', what: 'a client asks for ever' }]),
  ...(administrators.areQuiet ? [] : [{ guarantee: 'G2', what: 'an administrator asks for ever' }]),
];

/** What clients were told is what the journals say (G8, rule 17). */
export function clientsAreToldTheTruth(simulation: Simulation): Violation[] {
  const endings = endingsOf(simulation);
  const { record, calls, chaos } = simulation;
  return [
    ...calls.flatMap((call) => [
      ...told(call, endings, chaos.revokedKeys.has(`${call.tenant} ${call.keyId}`)),
      ...neverPut(call, record.putAt),
      ...neverTooLate(call, endings, simulation.scenario.callDeadlineMs),
    ]),
  ];
}

function told({ callId, told, put }: ClientCall, endings: Endings, keyIsRevoked: boolean): Violation[] {
  const ends = endings.get(callId) ?? [];
  if (told === undefined) return [];
  if ('answer' in told) {
    const goesOn = told.answer.decision === 'in_progress';
    return goesOn ? [] : answered(callId, told.answer, endings);
  }
  const { status, detail } = told.refusal;
  const { error = '' } = detail as { error?: string };
  if (status === 403 && put === 'refused') {
    return keyIsRevoked ? [] : [{ guarantee: 'rule 12', what: `${callId} was refused for a key that is good` }];
  }
  if (told.early) return [{ guarantee: 'rule 17', what: `${callId} was told in_progress before its limit` }];
  if (status === 503 || error === 'in_progress') return [];
  const reason = typeof detail === 'string' ? 'invalid_api_key' : error;
  return ends.some(({ data }) => data.outcome.reason === reason)
    ? []
    : [{ guarantee: 'rule 2', what: `${callId} was refused (${reason}), which no journal says` }];
}

export function answered(callId: string, answer: CallAnswer, endings: Endings): Violation[] {
  const ends = endings.get(callId) ?? [];
  const { decision, policy_reason: reason, original_call_id: original, result } = answer;
  const wrong = (what: string): Violation[] => [{ guarantee: 'rule 2', what: `${callId} was answered ${what}` }];
  const end = ends.find(({ data }) => data.outcome.decision === decision && data.outcome.reason === reason);
  if (end === undefined || end.data.outcome.originalCallId !== original)
    return wrong(`${decision} (${reason}), which no journal says`);
  if (decision !== 'executed' && decision !== 'dedup') return [];
  // An operator's word may come without a result.
  if (result === undefined) {
    const of = original ?? callId;
    const isSaid = (endings.get(of) ?? []).some(isResolved) || (of !== callId && endings.settled.has(of));
    return isSaid ? [] : wrong(WITHOUT_RESULT);
  }
  const { done } = result as { done?: string };
  return done === (original ?? callId) ? [] : wrong(`with the result of ${done}`);
}

const isResolved = ({ type }: EndingEvent): boolean => type === 'resolved';

/** G8: a 503 without a call's id changed nothing. */
const neverPut = ({ callId, runId, put }: ClientCall, inCalls: JournalRecord['putAt']): Violation[] =>
  put === 'refused' && inCalls.has(runId) ? [{ guarantee: 'G8', what: `${callId} was refused, and is in CALLS` }] : [];

/** A client that asked not to wait may take over at any time: its call does not end because somebody waited too long (rule 9). */
function neverTooLate(
  { callId, respondAsync, askedAt }: ClientCall,
  endings: Endings,
  deadlineMs: number,
): Violation[] {
  if (respondAsync !== true) return [];
  const early = (endings.get(callId) ?? []).some(
    ({ at, data }) => data.outcome.error?.code === 'expired' && at < askedAt + deadlineMs - CLOCK_MS,
  );
  return early ? [{ guarantee: 'rule 9', what: `${callId} expired early, though its client does not wait` }] : [];
}

/** By call; how some ended the operator of the installation said, without a result. */
export interface Endings extends ReadonlyMap<string, readonly EndingEvent[]> {
  readonly settled: ReadonlySet<string | undefined>;
}

export function endingsOf({ record }: Simulation): Endings {
  const events = record.entries.map(({ event }) => event);
  const words = events.filter(({ type }) => type === 'settlement-answered');
  const settled = new Set(words.map(({ data }) => (data as { callId?: string }).callId));
  const endings = Map.groupBy(events.filter(isEnding), ({ data }) => data.call.callId);
  return Object.assign(endings, { settled });
}
