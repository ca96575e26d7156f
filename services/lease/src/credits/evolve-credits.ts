import type { TollgateEvent } from '@tollgate/events';
import { giveBack, use, type CreditsState } from './credits.state.js';

/** Folds what an event uses of its tenant's credits, or gives back. */
export function evolveCredits(credits: CreditsState, event: TollgateEvent): void {
  const { tenant, at } = event;
  switch (event.type) {
    case 'lock-repeated':
      use(credits, tenant, 'make', at, event.data.credits.charged);
      break;
    case 'task-acquired':
      use(credits, tenant, 'ai', at, event.data.credits.charged);
      break;
    // A call is charged when it is admitted, and given back unless it was executed (rule 11).
    case 'lease-acquired':
      use(credits, tenant, 'ai', at, 1);
      break;
    case 'lease-settled':
      if (event.data.how.state === 'free') giveBack(credits, tenant, 'ai', event.data.how.givesBack);
      break;
    case 'usage-carried':
      credits.set(tenant, { usage: event.data.usage, since: at });
      break;
    default:
      break;
  }
}
