import type { Outcome, Reason } from '@tollgate/events';
import { conflict, invalidKey, notFound, paymentRequired, type ContractError } from '../http/contract-error.js';
import type { AnsweredCall } from './call-answer.js';

const CONFLICTS: Partial<Record<Reason, string>> = {
  tool_disabled: 'The tool is disabled',
  idempotency_key_reused: 'Other arguments were sent under this idempotency key',
};

/** The ends of a call that are answered as errors (contract 3.1); undefined for all others. */
export function refusalOf(
  call: AnsweredCall,
  { reason, credits }: Pick<Outcome, 'reason' | 'credits'>,
  upgradeUrl: string | null,
): ContractError | undefined {
  if (reason === 'payment_required') return paymentRequired(credits ?? { plan: '', limit: 0, usage: 0 }, upgradeUrl);
  if (reason === 'tool_not_found') return notFound(reason, 'There is no such tool');
  // A reader of CALLS knew earlier than this gateway that the key is revoked.
  if (reason === 'invalid_api_key') return invalidKey();
  const message = CONFLICTS[reason];
  return message === undefined ? undefined : conflict(reason, message, { call_id: call.callId, run_id: call.runId });
}
