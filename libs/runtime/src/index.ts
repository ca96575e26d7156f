export { describeError, type DescribedError } from './describe-error.js';
export { armFaults, FaultError, faultPoint, parseFaults, type ArmedFault, type FaultAction } from './faults.js';
export { HEALTHY, HEALTH_TIMEOUT_MS, healthWithin, mergeHealth, type HealthReport } from './health.js';
export {
  answerHealth,
  startHealthServer,
  type HealthAnswer,
  type HealthServer,
  type HealthSource,
} from './health-server.js';
export type { ProcessMessage } from './launcher-link.js';
export { createLogger, type LogFields, type Logger, type LoggerOptions } from './logging.js';
export { createInstruments, instruments, type Instruments } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { OTEL_VARIABLES } from './otel-environment.js';
export { runProcess } from './run-process.js';
export { SERVICE_NAMES, statusOf } from './service.js';
export type { RunningService, ServiceContext, ServiceDefinition, ServiceName, ServiceStatus } from './service.js';
export { startServices, type ServiceHost } from './service-host.js';
export { SettingsError } from './settings-error.js';
export { descriptionOf, loadSettings, settingNames, variableOf, type Environment, type Settings } from './settings.js';
export { metricsText, startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.js';
export { SERVICE_ATTRIBUTE, tracerFor } from './tracing.js';
