import type { Tracer } from '@opentelemetry/api';
import type { Clock, MessageBus } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { Sealer } from '@tollgate/sealing';
import type { Limits } from './places.js';
import type { ToolPort } from './tool-client/index.js';

/** What the dispatcher's effects need of the world. */
export interface WorkTools {
  readonly client: ToolPort;
  /** Outlives any ownership. */
  readonly bus: MessageBus;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly limits: Limits;
}
