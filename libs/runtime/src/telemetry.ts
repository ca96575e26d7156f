import { PeriodicExportingMetricReader, type IMetricReader } from '@opentelemetry/sdk-metrics';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { AlwaysOffSampler, NoopSpanProcessor, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { renewInstruments } from './metrics.js';
import {
  exportsMetrics,
  exportsTraces,
  metricsExportTimes,
  metricsProtocol,
  type OtlpProtocol,
} from './otel-environment.js';
import { PrometheusReader } from './prometheus-reader.js';

export interface Telemetry {
  metricsText(): Promise<string>;
  /** Sends what is still waiting; never throws, a collector out of reach must not keep a process alive. */
  stop(): Promise<void>;
}

export interface TelemetryOptions {
  /** `service.name`: `tollgate-<service>`, or `tollgate` for a process of several. */
  readonly serviceName: string;
  readonly instance: string;
}

/**
 * Registers OpenTelemetry for this process, once. It exports by OTLP to where the standard variables point, and nothing
 * when they do not; trace ids exist in either case, for logs, events and the `traceparent` that tools see.
 */
export async function startTelemetry({ serviceName, instance }: TelemetryOptions): Promise<Telemetry> {
  const prometheus = new PrometheusReader();
  const sdk = startNodeSdk({
    logLevel: 'error',
    resourceAttributes: { 'service.name': serviceName, 'service.instance.id': instance },
    resourceDetectors: [],
    ...(exportsTraces() ? {} : unexportedTraces()),
    metricReaders: [prometheus, ...(await otlpMetricReaders())],
    logRecordProcessors: [],
  });
  renewInstruments();
  active = prometheus;
  return {
    metricsText,
    stop: async () => {
      await Promise.race([sdk.shutdown().catch(() => undefined), pause(STOP_TIMEOUT_MS)]);
    },
  };
}

/** Prometheus text exposition of everything recorded in this process; empty before telemetry has started. */
export function metricsText(): Promise<string> {
  return active?.text() ?? Promise.resolve('');
}

/** OpenTelemetry is one per process; so is what reads it. */
let active: PrometheusReader | undefined;

const STOP_TIMEOUT_MS = 2_000;

/** Ids without recording: a span of ours is not kept, and says so to whoever it is passed on to. */
function unexportedTraces() {
  return {
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    spanProcessors: [new NoopSpanProcessor()],
  };
}

async function otlpMetricReaders(): Promise<readonly IMetricReader[]> {
  if (!exportsMetrics()) return [];
  const exporter = await otlpMetricExporter(metricsProtocol());
  return [new PeriodicExportingMetricReader({ exporter, ...metricsExportTimes() })];
}

/** Loaded only when used: exporters are slow to load and most processes have none. */
async function otlpMetricExporter(protocol: OtlpProtocol) {
  const { OTLPMetricExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto');
  return new OTLPMetricExporter();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
