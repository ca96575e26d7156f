import type { EndedAction } from '@tollgate/events';
import type { AnsweredCall } from '../run/call-answer.js';
import type { Forecast } from './forecast.js';

/** What the job of a dry run keeps of one action: decisions, no results. */
export function triedAction(tool: string, forecast: Forecast): EndedAction {
  if (forecast.is === 'passed') return { ...of(tool, forecast.call), decision: 'dry_run', reason: 'ok' };
  const { call, outcome } = forecast.ended;
  const { decision, reason, error } = outcome;
  return { ...of(tool, call), decision, reason, ...(error === undefined ? {} : { error }) };
}

const of = (tool: string, { callId, wouldBlock }: AnsweredCall) => ({
  tool,
  callId,
  ...(wouldBlock === undefined ? {} : { wouldBlock }),
});

/** The first blocked or failed action is the last (contract 3.2). */
export const endsJob = ({ decision }: EndedAction): boolean => decision === 'blocked' || decision === 'failed';
