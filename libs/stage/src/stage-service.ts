import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Bus, ensureStreams, systemClock } from '@tollgate/journal';
import {
  faultPoint,
  HEALTHY,
  NestLogger,
  tracerFor,
  type HealthReport,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
  type ServiceName,
} from '@tollgate/runtime';
import { createSealer } from '@tollgate/sealing';
import type { DynamicModule } from '@nestjs/common';
import { DecisionFilter, JournalServer } from './journal-server.js';
import { keepingTimes } from './keeping.js';
import { meteredObserver } from './observer.js';
import type { StageDefinition, StageEffects } from './stage-definition.js';

/** What makes a stage of a service: its pure definition, its effects, and the Nest module of its decisions. */
export interface StageParts<S> {
  readonly definition: StageDefinition<S>;
  readonly effects?: StageEffects<S>;
  readonly module: Type | DynamicModule;
  stop?(): Promise<void>;
}

const PING_TIMEOUT_MS = 1_000;

/** A stage as a service: every stage is started, asked for its health and stopped in this one way. */
export function stageService<S>(
  name: ServiceName,
  parts: (context: ServiceContext) => StageParts<S> | Promise<StageParts<S>>,
): ServiceDefinition {
  return {
    name,
    start: async (context) => {
      await prepareStreams(name, context);
      const { definition, effects = {}, module, stop } = await parts(context);
      const server = new JournalServer<S>({
        definition,
        effects,
        partitions: context.settings.partitions,
        instance: context.instance,
        connect: (connection) => Bus.connect(context.settings.natsUrl, { name: connection, reconnect: false }),
        clock: systemClock,
        observer: meteredObserver(name),
        tracer: tracerFor(name),
        log: context.logger,
        sealer: createSealer({ keys: context.settings.sealingKeys, mode: context.settings.sealing }),
        keepingTimes: keepingTimes(context.settings.journalRetentionDays),
        fault: faultPoint,
      });
      const app = await NestFactory.createMicroservice(module, {
        strategy: server,
        logger: new NestLogger(context.logger),
      });
      app.useGlobalFilters(new DecisionFilter());
      await app.listen();
      return running(name, server, async () => {
        await app.close();
        await stop?.();
      });
    },
  };
}

async function prepareStreams(name: ServiceName, { settings }: ServiceContext): Promise<void> {
  const bus = await Bus.connect(settings.natsUrl, { name: `tollgate-${name}-start`, reconnect: false });
  try {
    await ensureStreams(bus, { partitions: settings.partitions, replicas: settings.replicas });
  } finally {
    await bus.close();
  }
}

function running<S>(name: ServiceName, server: JournalServer<S>, stop: () => Promise<void>): RunningService {
  return {
    name,
    owns: () => server.runners.flatMap((runner, partition) => (runner.owns ? [partition] : [])),
    health: () => healthOf(server),
    stop,
  };
}

async function healthOf<S>(server: JournalServer<S>): Promise<HealthReport> {
  const troubles = await Promise.all(
    server.runners.map(async (runner) => {
      if (runner.trouble !== undefined) return runner.trouble;
      return await runner.ping(PING_TIMEOUT_MS).then(
        () => undefined,
        () => 'nats',
      );
    }),
  );
  const missing = [...new Set(troubles.filter((trouble) => trouble !== undefined))];
  return missing.length === 0 ? HEALTHY : { ready: false, degraded: false, missing };
}
