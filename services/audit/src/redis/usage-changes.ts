import type { CreditKind, TollgateEvent } from '@tollgate/events';

/** What some events change in the credits of one tenant: to be added to its month, or to stand there instead. */
export interface UsageChange {
  readonly how: 'set' | 'add';
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly make: number;
  readonly ai: number;
}

/** Credits as LEASE tells them, folded over some of its events, in order (contract section 7). */
export function usageChanges(events: readonly TollgateEvent[]): ReadonlyMap<string, UsageChange> {
  const changes = new Map<string, UsageChange>();
  for (const event of events) {
    const change = changeOf(event);
    if (change === undefined) continue;
    changes.set(event.tenant, added(changes.get(event.tenant), change));
  }
  return changes;
}

function changeOf(event: TollgateEvent): UsageChange | undefined {
  switch (event.type) {
    case 'lock-repeated':
      return charged('make', event.at, event.data.credits.charged);
    case 'task-acquired':
      return charged('ai', event.at, event.data.credits.charged);
    case 'lease-acquired':
      return charged('ai', event.at, 1);
    case 'lease-settled': {
      const { how } = event.data;
      if (how.state !== 'free' || how.givesBack === undefined) return undefined;
      return { how: 'add', month: how.givesBack, make: 0, ai: -1 };
    }
    case 'usage-carried':
      return { how: 'set', ...event.data.usage };
    default:
      return undefined;
  }
}

const charged = (kind: CreditKind, at: number, count: number): UsageChange | undefined =>
  count === 0
    ? undefined
    : { how: 'add', month: new Date(at).toISOString().slice(0, 7), make: 0, ai: 0, [kind]: count };

/** What is added to a month that is over is nothing; a month that begins has nothing of the one before. */
function added(before: UsageChange | undefined, change: UsageChange): UsageChange {
  if (before === undefined || change.how === 'set' || change.month > before.month) return change;
  if (change.month < before.month) return before;
  return { ...before, make: before.make + change.make, ai: before.ai + change.ai };
}
