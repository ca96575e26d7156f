import { context, SpanStatusCode, trace, type Context, type Span, type Tracer } from '@opentelemetry/api';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

export const isTraceparent = (text: string): boolean => TRACEPARENT.test(text);

/** The context that a W3C `traceparent` names; the root context without one. */
export function contextOf(traceparent: string | undefined): Context {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  if (match === null) return context.active();
  const [, traceId = '', spanId = '', flags = '00'] = match;
  return trace.setSpanContext(context.active(), { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true });
}

export function traceparentOf(span: Span, fallback: string | undefined): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (/^0+$/.test(traceId)) return fallback;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** What a log line about a call says of it, so that lines, trace and record can be found from each other. */
export function logIds(
  call: { readonly callId: string; readonly runId: string } | undefined,
  traceparent: string | undefined,
): Readonly<Record<string, string>> {
  const traceId = TRACEPARENT.exec(traceparent ?? '')?.[1];
  return {
    ...(call === undefined ? {} : { call_id: call.callId, run_id: call.runId }),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
}

/** The spans of one decision: one for each call it speaks of, each a child of that call's last event. */
export class DecisionSpans {
  private readonly spans = new Map<string, Span>();

  constructor(
    private readonly tracer: Tracer,
    private readonly name: string,
    private readonly startTime: number,
  ) {}

  /** The trace that an event of this decision carries, given the trace of what it follows. */
  traceFor(parent: string | undefined): string | undefined {
    if (parent === undefined) return undefined;
    let span = this.spans.get(parent);
    if (span === undefined) {
      span = this.tracer.startSpan(this.name, { startTime: this.startTime }, contextOf(parent));
      this.spans.set(parent, span);
    }
    return traceparentOf(span, parent);
  }

  describe(parent: string | undefined, attributes: Readonly<Record<string, string | number>>): void {
    if (parent !== undefined) this.spans.get(parent)?.setAttributes(attributes);
  }

  /** Called when the journal has acknowledged the decision, or will never. */
  end(failure?: string): void {
    for (const span of this.spans.values()) {
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end();
    }
  }
}
