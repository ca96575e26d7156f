import 'reflect-metadata';
import type { Provider } from '@nestjs/common';
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
import { Resolutions } from './calls/resolutions.js';
import { ConfigEdits } from './config/config-edits.js';
import { CurrentConfig } from './config/current-config.js';
import { InForce } from './config/in-force.js';
import { connect, type Connections } from './connections.js';
import { gatewayCore, type GatewayCore } from './gateway-core.js';
import { GatewayModule } from './gateway.module.js';
import { HEALTH_SOURCE } from './health/health.controller.js';
import { ContractPipe } from './http/contract.pipe.js';
import { ErrorsFilter } from './http/errors.filter.js';
import { httpServer } from './http/http-server.js';
import { KnownRoutes } from './http/known-routes.js';
import { SEALING_KEYS } from './keys/keys.controller.js';
import { ListenError } from './listen-error.js';
import { UNKNOWN_TOOLS } from './policies/unknown-tools.js';
import { FreshReads } from './reads/fresh-reads.js';
import { Freshness } from './reads/freshness.js';
import type { Endings } from './run/endings.js';
import { GovernedCalls } from './run/governed-calls.js';
import { TenantHashKeys } from './run/hash-keys.js';
import { Results } from './run/results.js';
import { TOOL_ADDRESSES } from './tools/tool-addresses.js';
import { ToolSecrets } from './tools/tool-secrets.js';

/** On a stop, calls under way have this long to end before they are answered `in_progress`. */
const DRAIN_MS = 2_500;

export const gatewayService: ServiceDefinition = { name: 'gateway', start: startGateway };

async function startGateway(context: ServiceContext): Promise<RunningService> {
  const connections = await connect(context);
  const core = coreOf(context, connections);
  try {
    const app = await listening(context, providers(context, connections, core));
    return {
      name: 'gateway',
      address: () => addressOf(app),
      health: () => Promise.resolve(connections.probes.report()),
      stop: () => stop(app, core.endings, connections),
      ended: connections.ended,
    };
  } catch (error) {
    await connections.close();
    throw error;
  }
}

function coreOf({ settings, logger, instance: gateway }: ServiceContext, connections: Connections): GatewayCore {
  const { bus, link, config, redis } = connections;
  const sealer = createSealer({ keys: settings.sealingKeys, mode: settings.sealing });
  const hashKeys = new TenantHashKeys(settings.sealingKeys);
  const clock = systemClock;
  return gatewayCore({ gateway, bus, link, config, redis, sealer, hashKeys, clock, logger, limits: settings });
}

function providers(context: ServiceContext, connections: Connections, core: GatewayCore): Provider[] {
  const { settings } = context;
  const { bus, link, config, database, probes } = connections;
  const reads = new FreshReads(database, new Freshness(bus, link, database, settings.partitions));
  const health = { health: context.processHealth ?? (() => Promise.resolve(probes.report())), metrics: metricsText };
  return [
    { provide: CurrentConfig, useValue: config },
    { provide: ConfigEdits, useValue: core.edits },
    { provide: InForce, useValue: core.inForce },
    { provide: KillSwitch, useValue: core.killSwitch },
    { provide: FreshReads, useValue: reads },
    { provide: GovernedCalls, useValue: core.calls },
    { provide: Results, useValue: core.results },
    { provide: Resolutions, useValue: new Resolutions({ ...core, reads }) },
    { provide: ToolSecrets, useValue: new ToolSecrets(core.sealer) },
    { provide: TOOL_ADDRESSES, useValue: settings.toolAddresses },
    { provide: UNKNOWN_TOOLS, useValue: settings.unknownTools },
    { provide: SEALING_KEYS, useValue: settings.sealingKeys },
    { provide: LOG_RETENTION_DAYS, useValue: settings.logRetentionDays },
    { provide: HEALTH_SOURCE, useValue: health },
  ];
}

async function listening({ settings, logger }: ServiceContext, parts: Provider[]): Promise<NestFastifyApplication> {
  const routes = new KnownRoutes();
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.around(parts), httpServer(routes), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorsFilter(routes, logger));
  app.useGlobalGuards(new AuthGuard(app.get(CurrentConfig)));
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

/** Nothing new is taken in; what is under way is answered, with its end or with `in_progress`. */
async function stop(app: NestFastifyApplication, endings: Endings, connections: Connections): Promise<void> {
  const giveUp = setTimeout(() => {
    endings.stop();
  }, DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(giveUp);
    await connections.close();
  }
}
