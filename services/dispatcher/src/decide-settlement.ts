import { settlementAnswered, type Draft, type Settlement } from '@tollgate/events';
import type { DispatchState } from './dispatch.state.js';

/**
 * An operator's word about an input that another stage could not decide (rule 14). A call that this stage still has will
 * have an end of its own, by a tool or by `resolve`: nobody lets anything go for it before.
 */
export function decideSettlement(state: DispatchState, tenant: string, word: Settlement): readonly Draft[] {
  if (state.words.has(word.commandId)) return [];
  const open = word.says !== 'nothing' && word.callId !== undefined && state.calls.has(word.callId);
  return [settlementAnswered.draft(tenant, { ...word, answer: open ? 'still_open' : 'settled' })];
}
