import { context, SpanKind, SpanStatusCode, trace, type Context, type Span, type Tracer } from '@opentelemetry/api';

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** The span of one request: a child of the caller's when its `traceparent` names one. */
export function startRequestSpan(tracer: Tracer, method: string, route: string, traceparent: unknown): Span {
  const attributes = { 'http.request.method': method, 'http.route': route };
  return tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, contextOf(traceparent));
}

export function endRequestSpan(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** How a span is named in events and headers; undefined while there is no telemetry. */
export function traceparentOf(span: Span | undefined): string | undefined {
  const found = span?.spanContext();
  if (found === undefined || /^0+$/.test(found.traceId)) return undefined;
  return `00-${found.traceId}-${found.spanId}-${found.traceFlags.toString(16).padStart(2, '0')}`;
}

export const activeTraceparent = (): string | undefined => traceparentOf(trace.getActiveSpan());

function contextOf(traceparent: unknown): Context {
  const [matched, traceId = '', spanId = '', flags = '00'] = TRACEPARENT.exec(String(traceparent)) ?? [];
  const root = context.active();
  if (matched === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return root;
  return trace.setSpanContext(root, { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true });
}
