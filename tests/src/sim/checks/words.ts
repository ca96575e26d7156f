import { ContractError } from '@tollgate/gateway';
import type { Entry } from '../journal-record.js';
import { errorOf, type Word } from '../sim-clients.js';
import type { Simulation } from '../simulation.js';
import { isOld } from './looks.js';
import type { Violation } from './violation.js';

/** What operators are told about calls in doubt is what the dispatcher has decided, once (rule 6). */
export function operatorsAreToldTheTruth({ clients, record }: Simulation): Violation[] {
  const doubts = Map.groupBy(
    record.entries.filter(({ event }) => event.type === 'in-doubt' || event.type === 'resolved'),
    ({ event }) => (event.data as { call: { callId: string } }).call.callId,
  );
  return clients.words.flatMap((word) => toldTruth(word, doubts.get(word.callId) ?? []));
}

function toldTruth({ callId, outcome, askedAt, answeredAt, told }: Word, history: readonly Entry[]): Violation[] {
  if (told === undefined) return [];
  const resolved = history.find(({ event }) => event.type === 'resolved');
  const asSaid = resolved !== undefined && decisionOf(resolved) === outcome;
  const wrong = (what: string): Violation[] => [{ guarantee: 'rule 6', what: `an operator of ${callId} ${what}` }];
  if (!(told instanceof ContractError)) {
    return asSaid && resolved.at <= answeredAt ? [] : wrong(`was told ${outcome}, which no journal says`);
  }
  if (errorOf(told) !== 'not_in_doubt' || isOld(told)) return [];
  if (asSaid && resolved.at < Math.floor(askedAt)) return wrong('was refused, though it was resolved as he says');
  const doubted = history.find(({ event }) => event.type === 'in-doubt');
  const throughout =
    doubted !== undefined && doubted.at < Math.floor(askedAt) && !(resolved && resolved.at <= answeredAt);
  return throughout ? wrong('was told that it is not in doubt, which it is') : [];
}

function decisionOf({ event }: Entry): string | undefined {
  return event.type === 'resolved' ? event.data.outcome.decision : undefined;
}
