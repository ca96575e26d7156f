import type { Caps } from '@tollgate/events';
import type { PoisonWish } from './poison.js';
import type { ToolChange } from './sim-administrators.js';
import type { CallWish } from './sim-gateway.js';
import type { PausedClock } from './sim-process.js';
import type { StageName } from './sim-stage.js';
import type { LockWish, ResetWish, WorkWish } from './sim-workers.js';
import type { StoreAction } from './store-plan.js';

/** Places between two effects of a stage; `stored` is after the broker has stored an append and before its ack arrives. */
export const POINTS = ['before-decision', 'before-append', 'stored', 'after-append', 'after-effects'] as const;

/** So long after the beginning, or after a stage has come by a point for the nth time. */
export interface When {
  readonly point?: { readonly stage: StageName; readonly name: (typeof POINTS)[number]; readonly nth: number };
  readonly plusMs: number;
  /** Not at the beginning, but when so many times some days have passed. */
  readonly age?: number;
}

export interface Whom {
  readonly stage: StageName;
  readonly partition: number;
  readonly who: 'owner' | 'anybody';
}

/** One thing that happens in a run. Each can be left out, which is how a failing run is made short. */
export type Action = { readonly when: When } & (
  | StoreAction
  | { readonly does: 'call'; readonly gateway: number; readonly wish: CallWish }
  | { readonly does: 'kill' | 'shut down'; readonly whom: Whom; readonly downMs: number }
  | { readonly does: 'pause'; readonly whom: Whom; readonly forMs: number; readonly clock: PausedClock }
  | { readonly does: 'cut off'; readonly whom: Whom }
  | { readonly does: 'set clock'; readonly whom: Whom; readonly byMs: number }
  | { readonly does: 'usurp'; readonly stage: StageName; readonly partition: number }
  | { readonly does: 'restart broker' }
  | { readonly does: 'poison'; readonly wish: PoisonWish }
  | {
      readonly does: 'cut back';
      readonly partition: number;
      /** How many of its last messages each stream loses. */
      readonly drops: Readonly<Partial<Record<CutStream, number>>>;
      /** Or of its first: somebody purges it by hand. */
      readonly front: boolean;
      /** Whoever is connected stays connected: another server than theirs has lost it. */
      readonly connected: boolean;
    }
  | {
      readonly does: 'disable';
      readonly tenant: string;
      readonly agent: string;
      readonly gateway: number;
      readonly forMs: number;
    }
  | {
      readonly does: 'change tool';
      readonly tenant: string;
      readonly tool: string;
      readonly to: ToolChange;
      readonly forMs: number;
    }
  | {
      readonly does: 'change policy';
      readonly tenant: string;
      readonly agent: string;
      readonly caps: Caps;
      readonly price: number;
    }
  | {
      readonly does: 'revoke key';
      readonly tenant: string;
      readonly gateway: number;
      readonly wish?: CallWish;
      /** As soon as a call is in doubt, which whoever has stolen the key may want to resolve. */
      readonly inDoubt?: boolean;
      /** What whoever has stolen it locks. */
      readonly lock?: LockWish;
    }
  | { readonly does: 'make key'; readonly gateway: number; readonly wish: CallWish; readonly lock?: LockWish }
  | {
      readonly does: 'resolve';
      readonly tenant: string;
      readonly outcomes: readonly ('executed' | 'failed')[];
      readonly keyId?: string;
    }
  | { readonly does: 'work'; readonly gateway: number; readonly wish: WorkWish }
  | { readonly does: 'lock'; readonly gateway: number; readonly wish: LockWish }
  | { readonly does: 'reset'; readonly gateway: number; readonly wish: ResetWish }
  | {
      readonly does: 'garbage';
      readonly reader: 'policy' | 'lease' | 'dispatcher';
      readonly partition: number;
      readonly text: string;
    }
);

/** What may lose what it has acknowledged. */
export type CutStream = 'calls' | StageName;
