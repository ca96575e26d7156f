import { trace } from '@opentelemetry/api';
import {
  configSource,
  DecisionSink,
  journalsOf,
  Lane,
  leaseOf,
  MessageCache,
  OutcomeSink,
  Retention,
  TableSink,
  TaskSink,
  type Sink,
  type Source,
} from '@tollgate/audit';
import { ReconnectingBus } from './reconnecting-bus.js';
import { DAY_MS } from './scenario.js';
import { silent } from './silent.js';
import type { SimBroker } from './sim-broker.js';
import type { Weather } from './sim-bus.js';
import type { SimPostgres } from './sim-postgres.js';
import type { SimProcess } from './sim-process.js';
import type { SimRedis } from './sim-redis.js';

export interface AuditAround {
  readonly broker: SimBroker;
  readonly postgres: SimPostgres;
  readonly redis: SimRedis;
  readonly weather: () => Weather;
  readonly partitions: number;
  /** How often what nobody needs any more is purged, ms. */
  readonly purgeEveryMs: number;
  /** True time, ms. */
  readonly now: () => number;
}

/** As the product keeps its journals by default. */
export const KEPT_MS = 8 * DAY_MS;

/** Audit in a simulated process: the product's lanes and sinks, each projection a lane of its own. */
export class SimAudit {
  readonly lanes: readonly Lane[];
  private readonly bus: ReconnectingBus;
  private readonly cache = new MessageCache();

  constructor(
    readonly process: SimProcess,
    { broker, postgres, redis, weather, partitions, purgeEveryMs }: AuditAround,
  ) {
    this.bus = new ReconnectingBus(process, broker, weather);
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    const { clock } = process;
    const port = redis.portOf(process);
    const tables = postgres.tablesOf(process);
    this.lanes = [
      ...all.map((partition) => this.lane(new TableSink(tables, clock.now), journalsOf(partition))),
      this.lane(new TableSink(tables, clock.now), [configSource]),
      ...all.map((partition) => this.lane(new OutcomeSink(port, partition, clock.now), journalsOf(partition))),
      ...all.map((partition) => this.lane(new TaskSink(port, partition, clock.now), [leaseOf(partition)])),
      this.lane(new DecisionSink(this.bus, undefined, clock), all.flatMap(journalsOf)),
    ];
    for (const lane of this.lanes) lane.start();
    const { bus, lanes } = this;
    new Retention({ bus, clock, logger: silent, partitions, keptMs: KEPT_MS, lanes }).start(purgeEveryMs);
  }

  sever(): void {
    this.bus.sever();
  }

  private lane(sink: Sink, sources: readonly Source[]): Lane {
    const { bus, cache } = this;
    const { clock, random } = this.process;
    const tracer = trace.getTracer('sim');
    return new Lane({ bus, sources, sink, cache, tracer, logger: silent, clock, random: () => random.next() });
  }
}
