import 'reflect-metadata';
import type { CanActivate, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '@tollgate/journal';
import {
  metricsText,
  NestLogger,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
} from '@tollgate/runtime';
import { createSealer } from '@tollgate/sealing';
import { LOG_RETENTION_DAYS } from './agents/agent-logs.controller.js';
import { KillSwitch } from './agents/kill-switch.js';
import { AuthGuard } from './auth/auth.guard.js';
import { within } from './clock/within.js';
import { RecordedCalls } from './calls/recorded-calls.js';
import { ConfigEdits } from './config/config-edits.js';
import { CurrentConfig } from './config/current-config.js';
import { connect, type Connections } from './connections.js';
import { gatewayCore, type GatewayCore } from './gateway-core.js';
import { apiReference, GatewayModule } from './gateway.module.js';
import { OPEN_API } from './openapi/openapi.controller.js';
import { Following } from './events/following.js';
import { Notes } from './events/notes.js';
import { HEALTH_SOURCE } from './health/health.controller.js';
import { ContractPipe } from './http/contract.pipe.js';
import { ErrorsFilter } from './http/errors.filter.js';
import { httpServer } from './http/http-server.js';
import { KnownRoutes } from './http/known-routes.js';
import { KeyEdits } from './keys/key-edits.js';
import { ListenError } from './listen-error.js';
import { PlanGuard } from './plans/plan.guard.js';
import { PolicyEdits } from './policies/policy-edits.js';
import { PolicyTests } from './policies/policy-tests.js';
import { recordIn } from './reads/call-record.js';
import { LimitedCounts } from './rates/limited-counts.js';
import { ratesOf, type Rates } from './rates/rates.js';
import { FreshReads } from './reads/fresh-reads.js';
import type { Endings } from './run/endings.js';
import { TenantHashKeys } from './run/hash-keys.js';
import { RunRequests } from './run/run-requests.js';
import { TOOL_ADDRESSES } from './tools/tool-addresses.js';
import { Locks } from './locks/locks.js';
import { PLAN_OF } from './plans/plan-of.js';
import { Jobs } from './tasks/jobs.js';
import { KnownTasks } from './tasks/known-tasks.js';
import { taskStoreIn } from './tasks/task-store.js';
import { Tasks } from './tasks/tasks.js';
import { ToolEdits } from './tools/tool-edits.js';

/** On a stop, calls under way have this long to end before they are answered `in_progress`. */
const DRAIN_MS = 2_500;
/** And what was counted, as long to be stored. */
const FLUSH_MS = 2_000;

export const gatewayService: ServiceDefinition = { name: 'gateway', start: startGateway };

async function startGateway(context: ServiceContext): Promise<RunningService> {
  const connections = await connect(context);
  const core = coreOf(context, connections);
  const rates = ratesOf(context, connections);
  try {
    const guards = [new AuthGuard(core.authentication), ...rates.guards, new PlanGuard(core.features)];
    const parts = [...providers(context, connections, core), { provide: LimitedCounts, useValue: rates.counts }];
    const app = await listening(context, guards, parts);
    return {
      name: 'gateway',
      address: () => addressOf(app),
      health: () => Promise.resolve(connections.probes.report()),
      stop: () => stop(app, core.endings, rates, connections),
      ended: connections.ended,
    };
  } catch (error) {
    await connections.close();
    throw error;
  }
}

const coreOf = (
  { settings, logger, instance }: ServiceContext,
  { bus, link, config, redis, database }: Connections,
): GatewayCore =>
  gatewayCore({
    gateway: instance,
    bus,
    link,
    config,
    redis,
    taskStore: taskStoreIn(redis),
    record: recordIn(database),
    sealer: createSealer({ keys: settings.sealingKeys, mode: settings.sealing }),
    hashKeys: new TenantHashKeys(settings.sealingKeys),
    clock: systemClock,
    logger,
    limits: settings,
  });

function providers(context: ServiceContext, connections: Connections, core: GatewayCore): Provider[] {
  const { settings } = context;
  const { config, database, probes } = connections;
  const health = { health: context.processHealth ?? (() => Promise.resolve(probes.report())), metrics: metricsText };
  return [
    { provide: CurrentConfig, useValue: config },
    { provide: ConfigEdits, useValue: core.edits },
    { provide: KillSwitch, useValue: core.killSwitch },
    { provide: KeyEdits, useValue: core.keys },
    { provide: RunRequests, useValue: core.runs },
    { provide: RecordedCalls, useValue: core.calls },
    { provide: Tasks, useValue: core.tasks },
    { provide: Jobs, useValue: core.jobs },
    { provide: Locks, useValue: core.locks },
    { provide: KnownTasks, useValue: core.known },
    { provide: FreshReads, useValue: new FreshReads(database, core.freshness) },
    { provide: Following, useValue: new Following(database, core.freshness, core.watermarks, systemClock) },
    { provide: Notes, useValue: core.notes },
    { provide: ToolEdits, useValue: core.tools },
    { provide: TOOL_ADDRESSES, useValue: settings.toolAddresses },
    { provide: PLAN_OF, useValue: core.planOf },
    { provide: PolicyEdits, useValue: core.policies },
    { provide: PolicyTests, useValue: core.policyTests },
    { provide: LOG_RETENTION_DAYS, useValue: settings.logRetentionDays },
    { provide: OPEN_API, useValue: apiReference() },
    { provide: HEALTH_SOURCE, useValue: health },
  ];
}

async function listening(
  { settings, logger }: ServiceContext,
  guards: CanActivate[],
  parts: Provider[],
): Promise<NestFastifyApplication> {
  const routes = new KnownRoutes();
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.around(parts), httpServer(routes), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorsFilter(routes, logger));
  app.useGlobalGuards(...guards);
  app.useGlobalPipes(new ContractPipe());
  try {
    await app.listen(settings.port, settings.host);
    return app;
  } catch (error) {
    throw new ListenError(settings.host, settings.port, error);
  }
}

function addressOf(app: NestFastifyApplication): string {
  const address = app.getHttpServer().address();
  if (address === null || typeof address === 'string') return '';
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

/** No connection is taken any more; what is under way, or arrives on one, is answered: with its end or with `in_progress`. */
async function stop(
  app: NestFastifyApplication,
  endings: Endings,
  { counts }: Rates,
  connections: Connections,
): Promise<void> {
  const giveUp = setTimeout(() => {
    endings.stop();
  }, DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(giveUp);
    await within(systemClock, counts.stop(), FLUSH_MS);
    await connections.close();
  }
}
