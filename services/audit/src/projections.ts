import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Bus } from '@tollgate/journal';
import { tracerFor, type ServiceContext } from '@tollgate/runtime';
import type { AuditDatabase, openRedis } from '@tollgate/store';
import { AUDIT_CONTEXT, DATABASE, REDIS } from './audit.tokens.js';
import { DecisionSink } from './decisions/decision-sink.js';
import { Lane } from './lane/lane.js';
import type { Sink } from './lane/sink.js';
import { PostgresTables } from './postgres/postgres-tables.js';
import { TableSink } from './postgres/table-sink.js';
import { MessageCache } from './reading/message-cache.js';
import { configSource, journalsOf, leaseOf, notesOf, type Source } from './reading/source.js';
import { OutcomeSink } from './redis/outcome-sink.js';
import { TaskSink } from './redis/task-sink.js';

/** Every projection of this installation, each a lane of its own: one that waits holds up no other. */
@Injectable()
export class Projections implements OnApplicationBootstrap, OnModuleDestroy {
  readonly lanes: readonly Lane[];

  constructor(
    @Inject(AUDIT_CONTEXT) private readonly context: ServiceContext,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(DATABASE) db: AuditDatabase,
    @Inject(REDIS) redis: ReturnType<typeof openRedis>,
  ) {
    const { logRetentionDays } = context.settings;
    const partitions = Array.from({ length: context.settings.partitions }, (_, partition) => partition);
    const cache = new MessageCache();
    const lane = (sink: Sink, sources: readonly Source[]) => this.lane(sink, sources, cache);
    this.lanes = [
      ...partitions.map((partition) =>
        lane(new TableSink(new PostgresTables(db, logRetentionDays)), [...journalsOf(partition), notesOf(partition)]),
      ),
      lane(new TableSink(new PostgresTables(db, logRetentionDays)), [configSource]),
      ...partitions.map((partition) => lane(new OutcomeSink(redis, partition), journalsOf(partition))),
      ...partitions.map((partition) => lane(new TaskSink(redis, partition), [leaseOf(partition)])),
      lane(new DecisionSink(bus), partitions.flatMap(journalsOf)),
    ];
  }

  onApplicationBootstrap(): void {
    for (const lane of this.lanes) lane.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  private lane(sink: Sink, sources: readonly Source[], cache: MessageCache): Lane {
    const { logger } = this.context;
    return new Lane({ bus: this.bus, sources, sink, cache, tracer: tracerFor('audit'), logger });
  }
}
