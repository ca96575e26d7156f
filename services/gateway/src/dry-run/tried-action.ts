import type { EndedAction } from '@tollgate/events';
import type { Forecast } from './forecast.js';

/** What the job of a dry run keeps of one action: decisions, no results. */
export function triedAction(tool: string, forecast: Forecast): EndedAction {
  if (forecast.is === 'passed') return { tool, callId: forecast.call.callId, decision: 'dry_run', reason: 'ok' };
  const { call, outcome } = forecast.ended;
  const { decision, reason, error } = outcome;
  return { tool, callId: call.callId, decision, reason, ...(error === undefined ? {} : { error }) };
}

/** The first blocked or failed action is the last (contract 3.2). */
export const endsJob = ({ decision }: EndedAction): boolean => decision === 'blocked' || decision === 'failed';
