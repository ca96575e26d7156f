import type { Tracer } from '@opentelemetry/api';
import type { MessageBus, Clock } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { Sealer } from '@tollgate/sealing';
import type { KeepingTimes } from './keeping.js';
import type { FaultPoint, StageObserver } from './observer.js';
import type { Answer, Decide, StageDefinition, StageEffects } from './stage-definition.js';

/** One partition of a stage in one process, and the ports through which it meets the world. */
export interface RunnerOptions<S> {
  readonly definition: StageDefinition<S>;
  readonly effects: StageEffects<S>;
  readonly decide: Decide<S>;
  readonly answer: Answer<S>;
  readonly partition: number;
  /** Name of this process in OWNERS and `owner-changed`. */
  readonly instance: string;
  /** A connection of its own, which never reconnects (rule 1); shown by the broker under this name. */
  readonly connect: (name: string) => Promise<MessageBus>;
  readonly clock: Clock;
  readonly observer: StageObserver;
  readonly tracer: Tracer;
  readonly log: Logger;
  readonly fault: FaultPoint;
  /** Seals snapshots. */
  readonly sealer: Sealer;
  readonly keepingTimes: KeepingTimes;
  /** Events are decided up to this size while an append is under way, in characters; the host's own bound by default. */
  readonly batchSize?: number;
}
