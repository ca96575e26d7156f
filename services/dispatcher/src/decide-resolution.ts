import { resolutionAnswered, resolved, type DataOf, type Draft, type resolutionRequested } from '@tollgate/events';
import type { DispatchState } from './dispatch.state.js';

type Word = DataOf<typeof resolutionRequested>;

/** An operator's word can only resolve a call in doubt, once (rule 6). */
export function decideResolution(state: DispatchState, tenant: string, word: Word): readonly Draft[] {
  const call = state.calls.get(word.callId);
  const mine = call?.phase.is === 'in-doubt' && call.tenant === tenant ? call : undefined;
  const { commandId, callId, gateway } = word;
  const answered = resolutionAnswered.draft(tenant, {
    commandId,
    callId,
    gateway,
    answer: mine === undefined ? 'not_in_doubt' : 'resolved',
  });
  if (mine === undefined) return [answered];
  const outcome =
    word.outcome === 'executed'
      ? {
          decision: 'executed' as const,
          reason: 'ok' as const,
          spend: mine.leased.terms.cost,
          ...(word.result === undefined ? {} : { result: word.result }),
        }
      : {
          decision: 'failed' as const,
          reason: 'tool_error' as const,
          spend: 0,
          error: { code: 'tool_error' as const, status: null },
        };
  const note = word.note === undefined ? {} : { note: word.note };
  return [resolved.draft(tenant, { call: mine.leased.call, outcome, by: word.keyId, ...note }, mine.trace), answered];
}
