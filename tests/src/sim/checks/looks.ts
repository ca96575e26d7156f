import { isEnding } from '@tollgate/events';
import { ContractError, type CallAnswer } from '@tollgate/gateway';
import type { Entry } from '../journal-record.js';
import { KEPT_MS } from '../sim-audit.js';
import type { Look } from '../sim-clients.js';
import type { Simulation } from '../simulation.js';
import { answered, endingsOf, type Endings } from './answers.js';
import type { Violation } from './violation.js';

/** A look at a call shows everything that was known before it, or says that it may be old (rule 16). */
export function looksAreFresh(simulation: Simulation): Violation[] {
  const { clients, record } = simulation;
  const endings = endingsOf(simulation);
  const entries = Map.groupBy(
    record.entries.filter(({ event }) => isEnding(event)),
    ({ event }) => (event.data as { call: { callId: string } }).call.callId,
  );
  return clients.looks.flatMap((look) => fresh(look, entries.get(look.callId) ?? [], endings, record.putAt));
}

function fresh(
  { callId, askedAt, answeredAt, told }: Look,
  entries: readonly Entry[],
  endings: Endings,
  putAt: ReadonlyMap<string, number>,
): Violation[] {
  if (told === undefined) return [];
  if (told instanceof ContractError) {
    const known = (putAt.get(callId.replace('call_', 'call-')) ?? Infinity) < askedAt;
    return told.status === 404 && known && !isOld(told)
      ? [{ guarantee: 'rule 16', what: `${callId} was not found, though it was in CALLS before` }]
      : [];
  }
  const { found, lagSec } = told;
  const ended = found.decision !== 'in_progress';
  const wrong = ended && !isGone(callId, found, endings, answeredAt) ? answered(callId, found, endings) : [];
  if (lagSec !== undefined) return wrong;
  // What it was when somebody asked, or became before he was answered.
  const first = entries.findLast(({ at }) => at < Math.floor(askedAt));
  const possible = [first, ...entries.filter(({ at }) => at >= Math.floor(askedAt) && at <= answeredAt)];
  const shown = possible.some((entry) => says(entry) === `${found.decision} ${found.policy_reason}`);
  return shown
    ? wrong
    : [...wrong, { guarantee: 'rule 16', what: `a look at ${callId} shows what it was before: ${found.decision}` }];
}

/** A result is in the journals only, and lies there for as long as they are kept. */
function isGone(callId: string, { result, original_call_id }: CallAnswer, endings: Endings, now: number): boolean {
  if (result !== undefined) return false;
  const ends = [callId, original_call_id ?? callId].flatMap((one) => endings.get(one) ?? []);
  return ends.some(({ at }) => at < now - KEPT_MS);
}

function says(entry: Entry | undefined): string {
  if (entry === undefined || !isEnding(entry.event)) return 'in_progress in_progress';
  const { decision, reason } = entry.event.data.outcome;
  return `${decision} ${reason}`;
}

/** The answer itself says that it may be behind. */
export const isOld = ({ headers }: ContractError): boolean => 'X-Tollgate-Lag' in headers;
