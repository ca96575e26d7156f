import type { Environment } from './settings.js';

/**
 * The OpenTelemetry SDK reads its standard variables itself. These few answers are ours: whether there is anywhere to
 * export to (its default would be a collector on this machine, and we stay silent unless told), and by which protocol.
 */
export type OtlpProtocol = 'http/protobuf' | 'http/json';

export function exportsTraces(environment: Environment = process.env): boolean {
  return exportsSignal('TRACES', environment);
}

export function exportsMetrics(environment: Environment = process.env): boolean {
  return exportsSignal('METRICS', environment);
}

export function metricsProtocol(environment: Environment = process.env): OtlpProtocol {
  const protocol = environment['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL'] ?? environment['OTEL_EXPORTER_OTLP_PROTOCOL'];
  return protocol === 'http/json' ? 'http/json' : 'http/protobuf';
}

/** The SDK reads these two only for a reader that it makes itself. A time limit over the interval is refused by it. */
export function metricsExportTimes(environment: Environment = process.env) {
  const exportIntervalMillis = milliseconds(environment['OTEL_METRIC_EXPORT_INTERVAL']) ?? 60_000;
  const limit = milliseconds(environment['OTEL_METRIC_EXPORT_TIMEOUT']) ?? 30_000;
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(limit, exportIntervalMillis) };
}

function milliseconds(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** The standard variables that the containers and the launcher set. */
export const OTEL_VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_METRIC_EXPORT_INTERVAL',
  'OTEL_METRIC_EXPORT_TIMEOUT',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_SDK_DISABLED',
] as const;

function exportsSignal(signal: 'TRACES' | 'METRICS', environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED'] === 'true' || environment[`OTEL_${signal}_EXPORTER`] === 'none') return false;
  const endpoint = environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return endpoint !== undefined && endpoint !== '';
}
