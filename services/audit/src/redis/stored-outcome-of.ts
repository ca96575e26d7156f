import type { CallHeader, EndingEvent } from '@tollgate/events';
import type { ResultPlace, StoredOutcome } from '@tollgate/store';
import type { RecordedEvent } from '../rows/recorded-event.js';

/** An ending as Redis keeps it: where its result is, never the result. */
export function storedOutcomeOf(recorded: RecordedEvent<EndingEvent>): StoredOutcome {
  const { event } = recorded;
  const { result, ...outcome } = event.data.outcome;
  const place: ResultPlace | undefined = result && {
    stream: recorded.stream,
    seq: recorded.seq,
    index: recorded.index,
    callId: result.callId,
  };
  return {
    type: event.type,
    id: event.id,
    at: event.at,
    call: headerOf(event.data.call),
    outcome,
    ...(place === undefined ? {} : { result: place }),
  };
}

function headerOf(call: CallHeader): StoredOutcome['call'] {
  const { callId, runId, agent, tool, argsHash, keyId, requestedAt, policyVersion, wouldBlock } = call;
  return {
    callId,
    runId,
    agent,
    tool,
    argsHash,
    keyId,
    requestedAt,
    ...(policyVersion === undefined ? {} : { policyVersion }),
    ...(wouldBlock === undefined ? {} : { wouldBlock }),
  };
}
