import type { HealthReport } from './health.js';
import type { Logger } from './logging.js';
import type { Settings } from './settings.js';

export const SERVICE_NAMES = ['gateway', 'policy', 'lease', 'budget', 'dispatcher', 'audit'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface ServiceContext {
  readonly settings: Settings;
  readonly logger: Logger;
  /** A random id of this process: who owns a journal is told apart by it. */
  readonly instance: string;
  /** The health of all services in this process, for the one that answers probes for it. */
  readonly processHealth?: () => Promise<HealthReport>;
}

export interface RunningService {
  readonly name: ServiceName;
  /** Where it listens, for services that do. */
  address?(): string;
  /** The partitions it owns now, for services that own. */
  owns?(): readonly number[];
  health(): Promise<HealthReport>;
  /** Hands over what it owns and ends; called once. */
  stop(): Promise<void>;
  /** Settles when the service has ended by itself, which ends the process: it is for a supervisor to start it again. */
  readonly ended?: Promise<unknown>;
}

export interface ServiceDefinition {
  readonly name: ServiceName;
  start(context: ServiceContext): Promise<RunningService>;
}

/** What a launcher is told of each service in a process. */
export interface ServiceStatus {
  readonly name: ServiceName;
  readonly address?: string;
  readonly owns?: readonly number[];
}

export function statusOf(service: RunningService): ServiceStatus {
  const [address, owns] = [service.address?.(), service.owns?.()];
  return {
    name: service.name,
    ...(address === undefined ? {} : { address }),
    ...(owns === undefined ? {} : { owns }),
  };
}
