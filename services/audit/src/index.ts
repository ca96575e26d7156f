import { NestFactory } from '@nestjs/core';
import { NestLogger, type ServiceDefinition } from '@tollgate/runtime';
import { AuditHealth } from './audit-health.js';
import { AuditModule } from './audit.module.js';

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
