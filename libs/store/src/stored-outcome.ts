import type { CallHeader, EndingEvent, Outcome } from '@tollgate/events';
import type { ResultPlace } from './result-place.js';

/** The present of an ended call in Redis: what a gateway needs to answer, the result by its place only. */
export interface StoredOutcome {
  readonly type: EndingEvent['type'];
  /** Event id and time (ms since the epoch) of the ending. */
  readonly id: number;
  readonly at: number;
  readonly call: Pick<
    CallHeader,
    'callId' | 'runId' | 'agent' | 'tool' | 'argsHash' | 'keyId' | 'requestedAt' | 'policyVersion' | 'wouldBlock'
  >;
  readonly outcome: Omit<Outcome, 'result'>;
  readonly result?: ResultPlace;
}

export const encodeStoredOutcome = (stored: StoredOutcome): string => JSON.stringify(stored);
export const decodeStoredOutcome = (text: string): StoredOutcome => JSON.parse(text) as StoredOutcome;
