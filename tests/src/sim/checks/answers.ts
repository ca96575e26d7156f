import { isEnding, type EndingEvent } from '@tollgate/events';
import type { CallAnswer } from '@tollgate/gateway';
import { callsStream } from '@tollgate/journal';
import type { ClientCall } from '../sim-gateway.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What clients were told is what the journals say, and nobody waits for ever (G2, G8, rule 17). */
export function clientsAreToldTheTruth(simulation: Simulation): Violation[] {
  const endings = endingsOf(simulation);
  const inCalls = runsInCalls(simulation);
  return simulation.everyGateway.flatMap((gateway) => [
    ...(gateway.isQuiet ? [] : [{ guarantee: 'G2', what: `clients of ${gateway.process.name} wait for ever` }]),
    ...[...gateway.calls.values()].flatMap((call) => [...told(call, endings), ...neverPut(call, inCalls)]),
  ]);
}

function told({ callId, told }: ClientCall, endings: ReadonlyMap<string, readonly EndingEvent[]>): Violation[] {
  const ends = endings.get(callId) ?? [];
  if (told === undefined) return [];
  if ('answer' in told) return answered(callId, told.answer, ends, endings);
  const { status, detail } = told.refusal;
  const { error = '' } = detail as { error?: string };
  if (told.early) return [{ guarantee: 'rule 17', what: `${callId} was told in_progress before its limit` }];
  if (status === 503 || error === 'in_progress') return [];
  const reason = typeof detail === 'string' ? 'invalid_api_key' : error;
  return ends.some(({ data }) => data.outcome.reason === reason)
    ? []
    : [{ guarantee: 'rule 2', what: `${callId} was refused (${reason}), which no journal says` }];
}

function answered(
  callId: string,
  answer: CallAnswer,
  ends: readonly EndingEvent[],
  endings: ReadonlyMap<string, readonly EndingEvent[]>,
): Violation[] {
  const { decision, policy_reason: reason, original_call_id: original, result } = answer;
  const wrong = (what: string): Violation[] => [{ guarantee: 'rule 2', what: `${callId} was answered ${what}` }];
  const end = ends.find(({ data }) => data.outcome.decision === decision && data.outcome.reason === reason);
  if (end?.data.outcome.originalCallId !== original) return wrong(`${decision} (${reason}), which no journal says`);
  if (decision !== 'executed' && decision !== 'dedup') return [];
  // An operator's word may come without a result.
  if (result === undefined)
    return (endings.get(original ?? callId) ?? []).some(isResolved) ? [] : wrong('without its result');
  const { done } = result as { done?: string };
  return done === (original ?? callId) ? [] : wrong(`with the result of ${done}`);
}

const isResolved = ({ type }: EndingEvent): boolean => type === 'resolved';

/** G8: a 503 without a call's id changed nothing. */
const neverPut = ({ callId, runId, put }: ClientCall, inCalls: ReadonlySet<string>): Violation[] =>
  put === 'refused' && inCalls.has(runId) ? [{ guarantee: 'G8', what: `${callId} was refused, and is in CALLS` }] : [];

const endingsOf = ({ record }: Simulation): ReadonlyMap<string, readonly EndingEvent[]> =>
  Map.groupBy(record.entries.map(({ event }) => event).filter(isEnding), ({ data }) => data.call.callId);

function runsInCalls({ broker, scenario }: Simulation): ReadonlySet<string> {
  const runs = new Set<string>();
  for (let partition = 0; partition < scenario.partitions; partition++) {
    for (const { data } of broker.all(callsStream(partition))) {
      const runId = runOf(new TextDecoder().decode(data));
      if (runId !== undefined) runs.add(runId);
    }
  }
  return runs;
}

/** Some of what stands in CALLS is garbage. */
function runOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { data?: { call?: { runId?: string } } }).data?.call?.runId;
  } catch {
    return undefined;
  }
}
