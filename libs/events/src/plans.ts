/** What a tenant may do and how much (contract section 9). The table is configuration; this is its shape and its default. */
export interface Plan {
  readonly name: string;
  /** Hourly, per-tool and spend caps in policies. */
  readonly caps: boolean;
  /** Pricing rules and templates of policies. */
  readonly pricing: boolean;
  /** Disable, enable, logs and metrics of agents. */
  readonly agents: boolean;
  /** Tools that may be registered; 0 is unlimited. */
  readonly maxTools: number;
  /** Seconds that a lock or lease lasts when the caller does not say, and at most. */
  readonly ttlSec: { readonly default: number; readonly most: number };
  /** Charged uses a month; 0 is unlimited. */
  readonly credits: Readonly<Record<CreditKind, number>>;
  /** At its credits it is refused with 402; otherwise it goes on. */
  readonly stopsAtCredits: boolean;
}

/** `make` pays for duplicates that check-lock blocks, `ai` for acquired keys and executed tool calls. */
export type CreditKind = 'make' | 'ai';
export const CREDIT_KINDS = ['make', 'ai'] as const;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const K = 1_000;
const M = 1_000_000;

export const DEFAULT_PLANS: readonly Plan[] = [
  {
    name: 'free',
    caps: false,
    pricing: false,
    agents: false,
    maxTools: 1,
    ttlSec: { default: MINUTE, most: HOUR },
    credits: { make: K, ai: 3 * K },
    stopsAtCredits: true,
  },
  {
    name: 'starter',
    caps: true,
    pricing: false,
    agents: false,
    maxTools: 20,
    ttlSec: { default: HOUR, most: DAY },
    credits: { make: 20 * K, ai: 100 * K },
    stopsAtCredits: false,
  },
  {
    name: 'pro',
    caps: true,
    pricing: true,
    agents: true,
    maxTools: 100,
    ttlSec: { default: 6 * HOUR, most: 7 * DAY },
    credits: { make: 200 * K, ai: M },
    stopsAtCredits: false,
  },
  {
    name: 'agency',
    caps: true,
    pricing: true,
    agents: true,
    maxTools: 1_000,
    ttlSec: { default: DAY, most: 30 * DAY },
    credits: { make: 2 * M, ai: 10 * M },
    stopsAtCredits: false,
  },
  {
    name: 'unlimited',
    caps: true,
    pricing: true,
    agents: true,
    maxTools: 0,
    ttlSec: { default: DAY, most: 30 * DAY },
    credits: { make: 0, ai: 0 },
    stopsAtCredits: false,
  },
];

/** The plans by name, and the one of tenants that have none of their own. */
export class Plans {
  private readonly byName: ReadonlyMap<string, Plan>;
  private readonly standard: Plan;

  /** @throws RangeError when the default plan is none of them */
  constructor(plans: readonly Plan[], standard: string) {
    this.byName = new Map(plans.map((plan) => [plan.name, plan]));
    const found = this.byName.get(standard);
    if (found === undefined) throw new RangeError(`there is no plan ${standard}`);
    this.standard = found;
  }

  get names(): readonly string[] {
    return [...this.byName.keys()];
  }

  /** A tenant whose plan is not in the table any more has the default. */
  of(name: string | undefined): Plan {
    return (name === undefined ? undefined : this.byName.get(name)) ?? this.standard;
  }
}
