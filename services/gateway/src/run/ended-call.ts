import type { EndingEvent, Outcome, Payload } from '@tollgate/events';
import type { StoredOutcome } from '@tollgate/store';
import type { AnsweredCall } from './call-answer.js';

/** How a call ended, wherever that was heard: from the stage itself, from Redis or from Postgres. */
export interface EndedCall {
  readonly call: AnsweredCall;
  readonly outcome: Omit<Outcome, 'result'>;
  readonly result: Payload | undefined;
  /** An in-doubt call got its end later. */
  readonly resolved: boolean;
}

export function endedByEvent({ type, data }: EndingEvent): EndedCall {
  const { result, ...outcome } = data.outcome;
  return { call: data.call, outcome, result, resolved: type === 'resolved' };
}

export function endedByStore({ type, call, outcome, result }: StoredOutcome): EndedCall {
  return { call, outcome, result: result === undefined ? undefined : placed(result), resolved: type === 'resolved' };
}

export const placed = ({
  stream,
  seq,
  index,
  callId,
}: {
  stream: string;
  seq: number;
  index: number;
  callId: string;
}): Payload => ({
  callId,
  place: { stream, seq, index },
});
