import { resolutionAnswered, resolved, type DataOf, type Draft, type resolutionRequested } from '@tollgate/events';
import { keyIsValid, type ConfigState, type KeyEntry } from '@tollgate/journal';
import type { DispatchState } from './dispatch.state.js';

type Word = DataOf<typeof resolutionRequested>;

/**
 * An operator's word can only resolve a call in doubt, once (rule 6), and only by a key that was good when it was said,
 * `saidAt` in ms since the epoch: gateways may not know yet that one is revoked (rule 12).
 */
export function decideResolution(
  state: DispatchState,
  tenant: string,
  word: Word,
  config: ConfigState,
  saidAt: number,
): readonly Draft[] {
  const { commandId, callId, gateway } = word;
  if (state.words.has(commandId)) return [];
  const call = state.calls.get(callId);
  const open = call?.phase.is === 'in-doubt' && call.tenant === tenant;
  const mine = open && mayResolve(config.keys.get(word.keyId), tenant, saidAt) ? call : undefined;
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

const mayResolve = (key: KeyEntry | undefined, tenant: string, saidAt: number): boolean =>
  keyIsValid(key, saidAt) && key.tenant === tenant && key.value.role === 'admin';
