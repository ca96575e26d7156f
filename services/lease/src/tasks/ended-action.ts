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

/** What it keeps of one whose end an operator had to say (rule 14): what the operator's word does to a call in doubt. */
export const settledAction = (tool: string, callId: string, says: 'executed' | 'failed'): EndedAction =>
  says === 'executed'
    ? { tool, callId, decision: 'executed', reason: 'ok' }
    : { tool, callId, decision: 'failed', reason: 'tool_error', error: { code: 'tool_error', status: null } };

/** What it keeps of one whose end nobody here can read, and nobody has said. */
export const unreadableAction = (tool: string, callId: string): EndedAction => ({
  tool,
  callId,
  decision: 'failed',
  reason: 'outcome_unknown',
  error: { code: 'internal_error', status: null },
});
