import type { TollgateEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/**
 * Rule 7, by the dispatcher's own journal: no call ends as blocked or failed while one of its attempts is open or unknown,
 * save where its tool says `fail`, or an operator says so.
 */
export function unknownIsNeverGuessed({ record, scenario, chaos }: Simulation): Violation[] {
  const attempts = new Map<string, Map<number, string>>();
  return record.entries.flatMap(({ journal, event }): Violation[] => {
    if (journal !== 'dispatch') return [];
    if (event.type === 'dispatch-started' || event.type === 'attempt-ended') {
      const { call, attempt } = event.data;
      const ofCall = attempts.get(call.callId) ?? new Map<number, string>();
      attempts.set(call.callId, ofCall.set(attempt, event.type === 'attempt-ended' ? event.data.known : 'open'));
    }
    if (event.type === 'reconcile-answered' && event.data.says === 'not_executed') {
      denied(attempts.get(event.data.call.callId));
    }
    if (!isFailure(event)) return [];
    const { callId, tool } = event.data.call;
    const guesses = scenario.tools.some(({ name, onUnknown }) => name === tool && onUnknown === 'fail');
    if (guesses || chaos.changedTools.has(`${event.tenant} ${tool}`)) return [];
    return [...(attempts.get(callId) ?? [])].flatMap(([attempt, known]) =>
      known === 'open' || known === 'unknown'
        ? [{ guarantee: 'rule 7', what: `${callId} ended as ${event.type} though its attempt ${attempt} is ${known}` }]
        : [],
    );
  });
}

/** Its tool says that it did nothing: what was unknown is definite. */
function denied(attempts: Map<number, string> | undefined): void {
  for (const [attempt, known] of attempts ?? []) if (known === 'unknown') attempts?.set(attempt, 'not_executed');
}

function isFailure(event: TollgateEvent): event is Extract<TollgateEvent, { type: 'failed' | 'blocked' | 'resolved' }> {
  if (event.type === 'resolved') return event.data.by === undefined && event.data.outcome.decision !== 'executed';
  return event.type === 'failed' || event.type === 'blocked';
}
