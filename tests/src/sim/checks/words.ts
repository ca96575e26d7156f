import { ContractError } from '@tollgate/gateway';
import { errorOf } from '../askers.js';
import type { Entry } from '../journal-record.js';
import type { Word } from '../sim-clients.js';
import type { Simulation } from '../simulation.js';
import { isOld } from './looks.js';
import type { Violation } from './violation.js';

/** What operators are told about calls in doubt is what the dispatcher has decided, once (rule 6). */
export function operatorsAreToldTheTruth({ clients, record, scenario }: Simulation): Violation[] {
  const doubts = Map.groupBy(
    record.entries.filter(({ event: { type } }) => type === 'in-doubt' || type === 'resolved' || type === 'hold-ended'),
    ({ event }) => callIdOf(event),
  );
  return clients.words.flatMap((word) => toldTruth(word, doubts.get(word.callId) ?? [], scenario.audits === 0));
}

function toldTruth(
  { callId, outcome, askedAt, answeredAt, told }: Word,
  history: readonly Entry[],
  recordKeepsUp: boolean,
): Violation[] {
  if (told === undefined) return [];
  const resolved = history.find(({ event }) => event.type === 'resolved');
  const asSaid = resolved !== undefined && decisionOf(resolved) === outcome;
  const wrong = (what: string): Violation[] => [{ guarantee: 'rule 6', what: `an operator of ${callId} ${what}` }];
  if (!(told instanceof ContractError)) {
    return asSaid && resolved.at <= answeredAt ? [] : wrong(`was told ${outcome}, which no journal says`);
  }
  if (errorOf(told) !== 'not_in_doubt' || isOld(told)) return [];
  const doubted = history.find(({ event }) => event.type === 'in-doubt');
  if (doubted === undefined || doubted.at >= Math.floor(askedAt)) return [];
  // Nobody can resolve a call whose hold has ended after its 30 days (rule 8).
  const over = history.find(({ event }) => event.type === 'hold-ended');
  if (over !== undefined && over.at <= answeredAt) return [];
  // A record that falls behind meanwhile does not know yet how the call was resolved.
  const knownAt = recordKeepsUp ? answeredAt : Math.floor(askedAt);
  if (asSaid && resolved.at < knownAt) return wrong('was refused, though it was resolved as he says');
  return !(resolved && resolved.at <= answeredAt) ? wrong('was told that it is not in doubt, which it is') : [];
}

function callIdOf({ data }: Entry['event']): string {
  const { call, callId } = data as { call?: { callId: string }; callId?: string };
  return call?.callId ?? callId ?? '';
}

function decisionOf({ event }: Entry): string | undefined {
  return event.type === 'resolved' ? event.data.outcome.decision : undefined;
}
