import { context, propagation, trace } from '@opentelemetry/api';
import { instruments } from './metrics.js';
import { exportsMetrics, exportsTraces, metricsExportTimes, metricsProtocol } from './otel-environment.js';
import { metricsText, startTelemetry, type Telemetry } from './telemetry.js';
import { tracerFor } from './tracing.js';

describe('telemetry without a collector', () => {
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await startTelemetry({ serviceName: 'tollgate', instance: 'i1' });
  });
  afterAll(async () => {
    await telemetry.stop();
  });

  it('still has trace ids, and passes them on', () => {
    tracerFor('lease').startActiveSpan('outer', (outer) => {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      const { traceId, spanId } = outer.spanContext();
      expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(carrier['traceparent']).toBe(`00-${traceId}-${spanId}-00`);
      tracerFor('budget').startActiveSpan('inner', {}, (inner) => {
        expect(inner.spanContext()).toMatchObject({ traceId });
        expect(inner.spanContext().spanId).not.toBe(spanId);
        inner.end();
      });
      outer.end();
    });
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it("keeps the caller's trace", () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const parent = propagation.extract(context.active(), { traceparent });
    const span = tracerFor('gateway').startSpan('request', {}, parent);
    expect(span.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    span.end();
  });

  it('shows what was recorded in the Prometheus text format', async () => {
    instruments().decision({ service: 'policy', decision: 'blocked', reason: 'agent_disabled' });
    instruments().stageLatency(7, { service: 'lease', input: 'policy-passed' });
    instruments().readerLag(3, { service: 'audit', reader: 'lease', partition: 0 });
    instruments().eventsPerAppend(12, { service: 'lease', partition: 0 });
    instruments().takeover({ service: 'lease', partition: 0 });
    instruments().attemptsInDoubt(2, { partition: 0 });
    instruments().streamReplicas(3);
    const text = await metricsText();
    expect(text).toMatch(/^tollgate_decisions_total\{.*decision="blocked".*\} 1$/m);
    expect(text).toMatch(
      /^tollgate_stage_latency_milliseconds_bucket\{.*le="10".*\} 1$|^tollgate_stage_latency_bucket\{.*le="10".*\} 1$/m,
    );
    expect(text).toMatch(/^tollgate_reader_lag\{.*\} 3$/m);
    expect(text).toMatch(/^tollgate_events_per_append_sum\{.*\} 12$/m);
    expect(text).toMatch(/^tollgate_takeovers_total\{.*\} 1$/m);
    expect(text).toMatch(/^tollgate_attempts_in_doubt\{.*\} 2$/m);
    expect(text).toMatch(/^tollgate_stream_replicas(\{.*\})? 3$/m);
  });
});

describe('where telemetry goes', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

  it('is nowhere unless a standard variable says so', () => {
    expect(exportsTraces({})).toBe(false);
    expect(exportsTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBe(false);
    expect(exportsTraces(endpoint)).toBe(true);
    expect(exportsMetrics({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318' })).toBe(false);
    expect(exportsMetrics({ ...endpoint, OTEL_METRICS_EXPORTER: 'none' })).toBe(false);
    expect(exportsTraces({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBe(false);
  });

  it('speaks protobuf unless JSON is asked for', () => {
    expect(metricsProtocol(endpoint)).toBe('http/protobuf');
    expect(metricsProtocol({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })).toBe('http/json');
  });

  it('goes out as often as the standard variables say', () => {
    expect(metricsExportTimes({})).toEqual({ exportIntervalMillis: 60_000, exportTimeoutMillis: 30_000 });
    const often = { OTEL_METRIC_EXPORT_INTERVAL: '1000' };
    expect(metricsExportTimes(often)).toEqual({ exportIntervalMillis: 1_000, exportTimeoutMillis: 1_000 });
    expect(metricsExportTimes({ OTEL_METRIC_EXPORT_INTERVAL: 'soon' })).toEqual(metricsExportTimes({}));
  });
});
