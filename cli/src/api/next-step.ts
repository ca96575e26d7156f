import type { Answered, Attempt } from './attempt.js';

/** Whether what may have arrived may be sent again. `when-unsent` is for calls, which could act twice. */
export type Repeat = 'always' | 'when-unsent';

export type NextStep =
  | { readonly then: 'take'; readonly answer: Answered }
  | { readonly then: 'again'; readonly afterMs: number }
  | { readonly then: 'stop' };

const AGAIN_MS = 1_000;
/** What proxies say in place of a server that they cannot reach, or did not hear out. */
const PROXY = [502, 504];
const BUSY = [429, 503];

/** What to do after an attempt, with so much time left for another. */
export function nextStep(tried: Attempt, repeat: Repeat, leftMs: number): NextStep {
  if (tried.is === 'unreached') return { then: 'stop' };
  if (tried.is === 'answered' && !BUSY.includes(tried.status) && !PROXY.includes(tried.status)) {
    return { then: 'take', answer: tried };
  }
  if (callMayHaveArrived(tried) && repeat === 'when-unsent') return { then: 'stop' };
  const afterMs = pauseOf(tried);
  return afterMs > leftMs ? { then: 'stop' } : { then: 'again', afterMs };
}

/**
 * Of a call, whose 503 without its id changed nothing (contract section 0). Not of locks and leases: theirs may have been
 * decided, and they are repeated anyhow.
 */
export function callMayHaveArrived(tried: Attempt): boolean {
  if (tried.is !== 'answered') return tried.is === 'lost';
  return PROXY.includes(tried.status) || (tried.status === 503 && callIdIn(tried.body) !== undefined);
}

/** The call that an error is about. */
export function callIdIn(body: unknown): string | undefined {
  const id = (body as { detail?: { call_id?: unknown } } | undefined)?.detail?.call_id;
  return typeof id === 'string' ? id : undefined;
}

/** What a busy server asks for, else a second. */
export const pauseOf = (tried: Attempt): number =>
  tried.is === 'answered' && tried.retryAfterSec !== undefined ? tried.retryAfterSec * 1000 : AGAIN_MS;
