import type { CommandRefusal, Credits } from '@tollgate/events';
import type { StoredReply } from '@tollgate/store';
import { conflict, invalidKey, notFound, paymentRequired, type ContractError } from '../http/contract-error.js';

/** A command that came to nothing, as the contract says it; undefined for all others. */
export function refusalOfCommand({ why, credits }: StoredReply, upgradeUrl: string | null): ContractError | undefined {
  return why === undefined ? undefined : refusalFor(why, credits, upgradeUrl);
}

function refusalFor(why: CommandRefusal, credits: Credits | undefined, upgradeUrl: string | null): ContractError {
  switch (why) {
    case 'not_found':
      return notFound('not_found', 'Nobody has leased this key');
    case 'lease_mismatch':
      return conflict('lease_mismatch', 'Somebody else holds this key, or it was leased again since');
    case 'lease_finished':
      return conflict('lease_finished', 'What was leased has ended already');
    case 'not_failed':
      return conflict('not_failed', 'Only a failed key can be reset');
    case 'payment_required':
      return paymentRequired(credits ?? { plan: '', usage: 0, limit: 0 }, upgradeUrl);
    case 'invalid_api_key':
      return invalidKey();
  }
}
