import { healthWithin, mergeHealth, type HealthReport } from './health.js';
import type { Logger } from './logging.js';
import {
  statusOf,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
  type ServiceStatus,
} from './service.js';

/** Several services as one: started together, asked together, stopped in order. */
export interface ServiceHost {
  status(): readonly ServiceStatus[];
  health(): Promise<HealthReport>;
  /** Stops each in the order of its definition (the gateway takes in nothing while the stages finish), each within the limit. */
  stop(): Promise<void>;
  /** Settles when a service has ended by itself. */
  readonly ended: Promise<unknown>;
}

const STOP_LIMIT_MS = 5_000;

/** Starts all at once, because some wait for others. When one cannot start, those that could are stopped again. */
export async function startServices(
  definitions: readonly ServiceDefinition[],
  context: ServiceContext,
): Promise<ServiceHost> {
  const running: RunningService[] = [];
  const health = () => healthOf(definitions, running);
  const starts = await Promise.allSettled(
    definitions.map((one) => startOne(one, { ...context, processHealth: health })),
  );
  running.push(...starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : [])));
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure !== undefined) {
    await stopAll(running, context.logger);
    throw failure.reason;
  }
  return {
    status: () => running.map(statusOf),
    health,
    stop: () => stopAll(running, context.logger),
    ended: Promise.race([never(), ...running.flatMap(({ ended }) => (ended === undefined ? [] : [ended]))]),
  };
}

/** A service that has not started yet is missing. */
async function healthOf(
  definitions: readonly ServiceDefinition[],
  running: readonly RunningService[],
): Promise<HealthReport> {
  const reports = definitions.map(async ({ name }): Promise<HealthReport> => {
    const service = running.find((one) => one.name === name);
    if (service === undefined) return { ready: false, degraded: false, missing: [name] };
    return await healthWithin(name, () => service.health());
  });
  return mergeHealth(await Promise.all(reports));
}

async function startOne(definition: ServiceDefinition, context: ServiceContext): Promise<RunningService> {
  const logger = context.logger.child({ service: definition.name });
  const service = await definition.start({ ...context, logger });
  logger.info('started', statusFields(service));
  return service;
}

async function stopAll(services: readonly RunningService[], logger: Logger): Promise<void> {
  for (const service of services) await stopOne(service, logger.child({ service: service.name }));
}

async function stopOne(service: RunningService, logger: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      resolve('late');
    }, STOP_LIMIT_MS);
  });
  try {
    const outcome = await Promise.race([service.stop(), late]);
    if (outcome === 'late') logger.warn('did not stop in time');
    else logger.info('stopped');
  } catch (error) {
    logger.error('failed to stop', {}, error);
  } finally {
    clearTimeout(timer);
  }
}

function statusFields(service: RunningService) {
  const { address, owns } = statusOf(service);
  return { address, owns };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
