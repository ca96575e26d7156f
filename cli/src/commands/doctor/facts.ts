import type { ListedCall } from '../calls/list-text.js';
import type { Key } from '../keys/keys-text.js';
import type { StoredPolicy } from '../policy/policy-text.js';
import type { Tool } from '../tools/tools-text.js';

export interface Readiness {
  readonly ready: boolean;
  readonly degraded: boolean;
  readonly missing: readonly string[];
}

/** What the checklist is about, as the server tells it. */
export interface Facts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly base: string;
  /** Undefined when the server does not say. */
  readonly readiness: Readiness | undefined;
  /** Copies of every stream; undefined when the server does not say. */
  readonly replicas: number | undefined;
  readonly key: KeyFacts;
  /** Undefined for an agent key, which may not see it. */
  readonly tenant: TenantFacts | undefined;
}

/** The key that the doctor itself uses. */
export type KeyFacts =
  | { readonly is: 'good'; readonly preview: string | null; readonly plan: string }
  | { readonly is: 'refused'; readonly why: string };

export interface TenantFacts {
  readonly keys: readonly Key[];
  readonly tools: readonly Tool[];
  readonly policies: readonly StoredPolicy[];
  /** The newest. */
  readonly calls: readonly ListedCall[];
  readonly inDoubt: readonly ListedCall[];
  /** Whether an agent without a policy may call tools through an admin key. */
  readonly withoutPolicy: 'open' | 'blocked' | 'unknown';
  /** Whether the plan lets policies have caps, or trims them; unknown where no call can be made. */
  readonly planCaps: 'kept' | 'trimmed' | 'unknown';
}
