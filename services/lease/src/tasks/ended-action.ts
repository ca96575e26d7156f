import { passOn, type EndedAction, type EndingEvent, type PayloadPlace } from '@tollgate/events';

/** What a job keeps of how the call of an action ended. */
export const endedActionOf = ({ data }: EndingEvent, place: PayloadPlace | undefined): EndedAction => {
  const { call, outcome } = data;
  const { decision, reason, error, result } = outcome;
  return {
    tool: call.tool,
    callId: call.callId,
    decision,
    reason,
    ...(call.wouldBlock === undefined ? {} : { wouldBlock: call.wouldBlock }),
    ...(error === undefined ? {} : { error }),
    ...(result === undefined ? {} : { result: passOn(result, place) }),
  };
};
