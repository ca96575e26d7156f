import { Module, type DynamicModule } from '@nestjs/common';
import { Bus } from '@tollgate/journal';
import type { ServiceContext } from '@tollgate/runtime';
import { AuditHealth } from './audit-health.js';
import { AUDIT_CONTEXT, DATABASE, REDIS } from './audit.tokens.js';
import { connectBus, connectDatabase, Connections, connectRedis } from './connections.js';
import { LagMeter } from './lag-meter.js';
import { Projections } from './projections.js';
import { ProjectionDesk } from './rebuild/projection-desk.js';
import { RecordPruning } from './pruning/record-pruning.js';
import { JournalRetention } from './retention/journal-retention.js';

@Module({})
export class AuditModule {
  static with(context: ServiceContext): DynamicModule {
    return {
      module: AuditModule,
      providers: [
        { provide: AUDIT_CONTEXT, useValue: context },
        { provide: Bus, useFactory: connectBus, inject: [AUDIT_CONTEXT] },
        { provide: DATABASE, useFactory: connectDatabase, inject: [AUDIT_CONTEXT] },
        { provide: REDIS, useFactory: connectRedis, inject: [AUDIT_CONTEXT] },
        Connections,
        Projections,
        LagMeter,
        JournalRetention,
        RecordPruning,
        ProjectionDesk,
        AuditHealth,
      ],
    };
  }
}
