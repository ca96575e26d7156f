import { randomBytes } from 'node:crypto';
import { armFaults } from './faults.js';
import { startHealthServer, type HealthServer } from './health-server.js';
import { linkToLauncher, type LauncherLink } from './launcher-link.js';
import { createLogger, type Logger } from './logging.js';
import { startServices, type ServiceHost } from './service-host.js';
import type { ServiceDefinition } from './service.js';
import { loadSettings, type Settings } from './settings.js';
import { SettingsError } from './settings-error.js';
import { startTelemetry, type Telemetry } from './telemetry.js';

/** A process that has not ended this long after it was told to is ended the hard way. */
const EXIT_LIMIT_MS = 9_000;
/** How long an end waits for a start under way, so that what was just taken over is handed back. */
const START_GRACE_MS = 3_000;

/**
 * The life of a process of Tollgate: settings from the environment, telemetry, services, health, the launcher's channel,
 * and an orderly end on SIGTERM, SIGINT, the launcher's death or a failure. Resolves when everything has started.
 */
export async function runProcess(definitions: readonly ServiceDefinition[]): Promise<void> {
  const settings = settingsOrExit();
  const instance = randomBytes(6).toString('hex');
  const logger = createLogger({ level: settings.logLevel, fields: { instance } });
  const life = new ProcessLife(logger);
  armFaults(settings.faults);
  try {
    await life.start(definitions, settings, instance);
  } catch (error) {
    logger.error('could not start', {}, error);
    await life.end(1);
  }
}

class ProcessLife {
  private telemetry: Telemetry | undefined;
  private host: ServiceHost | undefined;
  private healthServer: HealthServer | undefined;
  private link: LauncherLink | undefined;
  private starting: Promise<void> | undefined;
  private ending: Promise<void> | undefined;

  constructor(private readonly logger: Logger) {
    process.once('SIGTERM', () => void this.end(0));
    process.once('SIGINT', () => void this.end(0));
    // The launcher is gone: nothing may outlive it.
    process.once('disconnect', () => void this.end(0));
    process.on('uncaughtException', (error) => {
      this.fail(error);
    });
    process.on('unhandledRejection', (error) => {
      this.fail(error);
    });
  }

  start(definitions: readonly ServiceDefinition[], settings: Settings, instance: string): Promise<void> {
    return (this.starting = this.startAll(definitions, settings, instance));
  }

  /** Idempotent: a second signal does not stop things twice. */
  end(code: number): Promise<void> {
    return (this.ending ??= this.stopAndExit(code));
  }

  private async startAll(
    definitions: readonly ServiceDefinition[],
    settings: Settings,
    instance: string,
  ): Promise<void> {
    const telemetry = (this.telemetry = await startTelemetry({ serviceName: serviceLabel(definitions), instance }));
    const host = (this.host = await startServices(definitions, { settings, logger: this.logger, instance }));
    host.ended.then(
      (reason) => {
        this.fail(reason);
      },
      (error: unknown) => {
        this.fail(error);
      },
    );
    if (settings.healthPort !== undefined) {
      const source = { health: () => host.health(), metrics: () => telemetry.metricsText() };
      this.healthServer = await startHealthServer(settings.host, settings.healthPort, source);
    }
    this.link = linkToLauncher(() => host.status());
  }

  private fail(error: unknown): void {
    if (this.ending !== undefined) return;
    this.logger.error('ends because of a failure', {}, error);
    void this.end(1);
  }

  private async stopAndExit(code: number): Promise<void> {
    setTimeout(() => process.exit(code === 0 ? 1 : code), EXIT_LIMIT_MS).unref();
    await Promise.race([this.starting?.catch(() => undefined), pause(START_GRACE_MS)]);
    this.link?.close();
    await this.host?.stop().catch(() => undefined);
    await this.healthServer?.close();
    await this.telemetry?.stop();
    process.exit(code);
  }
}

/** The one place where wrong settings are told to a person: plain lines on the standard error. */
function settingsOrExit(): Settings {
  try {
    return loadSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function serviceLabel(definitions: readonly ServiceDefinition[]): string {
  const [only, ...others] = definitions;
  return only === undefined || others.length > 0 ? 'tollgate' : `tollgate-${only.name}`;
}
