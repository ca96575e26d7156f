import {
  isEnding,
  type JournalName,
  type PolicyDocument,
  type RequestedCall,
  type TollgateEvent,
  type TryAtBudget,
  type TryAtLease,
  type TryAtPolicy,
} from '@tollgate/events';
import { endedByEvent, type EndedCall } from '../run/ended-call.js';
import type { AnsweredCall } from '../run/call-answer.js';

/** What would become of a call, were it made now. */
export type Forecast =
  | { readonly is: 'ended'; readonly ended: EndedCall }
  | { readonly is: 'passed'; readonly call: AnsweredCall; readonly cost: number };

/** The event that the owner of a stage would decide. */
export type Ask = (stage: JournalName, details: TryAtPolicy | TryAtLease | TryAtBudget) => Promise<TollgateEvent>;

export interface Tried {
  readonly tenant: string;
  readonly requested: RequestedCall;
  /** Instead of the stored one. */
  readonly policy?: PolicyDocument | undefined;
}

/** Asks the stages in their order (contract 3.1): what one lets pass is what the next is asked about. */
export async function forecastOf({ tenant, requested, policy }: Tried, ask: Ask): Promise<Forecast> {
  const byPolicy = await ask('policy', { tenant, requested, ...(policy === undefined ? {} : { policy }) });
  if (byPolicy.type !== 'policy-passed') return ended(byPolicy);
  const byLease = await ask('lease', { tenant, passed: byPolicy.data });
  // The same call still runs: this one would wait for it, and its result costs nothing and counts for nothing.
  if (byLease.type === 'lease-waiting') return { is: 'passed', call: byLease.data.call, cost: 0 };
  if (byLease.type !== 'lease-acquired') return ended(byLease);
  const { claim: _claim, ...leased } = byLease.data;
  const byBudget = await ask('budget', { tenant, leased });
  if (byBudget.type !== 'budget-reserved') return ended(byBudget);
  const { call, terms } = byBudget.data;
  return { is: 'passed', call, cost: terms.cost };
}

function ended(event: TollgateEvent): Forecast {
  if (!isEnding(event)) throw new TypeError(`${event.type} is nothing that a stage decides about a call`);
  return { is: 'ended', ended: endedByEvent(event) };
}
