import { NestFactory } from '@nestjs/core';
import { NestLogger, type ServiceDefinition } from '@tollgate/runtime';
import { AuditHealth } from './audit-health.js';
import { AuditModule } from './audit.module.js';

export { DecisionSink } from './decisions/decision-sink.js';
export { Lane, type LaneOptions } from './lane/lane.js';
export { PositionMovedError, SinkUnavailableError, type Beginning, type Sink, type Slice } from './lane/sink.js';
export { MessageCache } from './reading/message-cache.js';
export { readMessage } from './reading/read-message.js';
export type { Positions } from './reading/source-position.js';
export { PostgresTables } from './postgres/postgres-tables.js';
export { TableSink } from './postgres/table-sink.js';
export type { PositionRow, TableStore, TableTransaction } from './postgres/table-store.js';
export { Retention, type RetentionOptions } from './retention/retention.js';
export { configSource, journalsOf, leaseOf, type Source } from './reading/source.js';
export { OutcomeSink } from './redis/outcome-sink.js';
export type { RedisStore } from './redis/redis-store.js';
export { TaskSink } from './redis/task-sink.js';
export { callRow, foldCallRow, type CallRow } from './rows/call-row.js';
export { projectedRows, type ProjectedRows } from './rows/projected-rows.js';
export { rollupRows, type CountedEnding, type RollupRow } from './rows/rollup-rows.js';
export { foldRunRow, runRows, type RunRow } from './rows/run-rows.js';
export type { Row } from './rows/row.js';
export { addUsage, type UsageRow } from './rows/usage-rows.js';

/** Audit: reads every journal and CONFIG, writes Postgres (the past), Redis (the present) and DECISIONS (subscribers). */
export const auditService: ServiceDefinition = {
  name: 'audit',
  start: async (context) => {
    const app = await NestFactory.createApplicationContext(AuditModule.with(context), {
      logger: new NestLogger(context.logger),
      abortOnError: false,
    });
    const health = app.get(AuditHealth);
    return { name: 'audit', health: () => health.report(), stop: () => app.close() };
  },
};
