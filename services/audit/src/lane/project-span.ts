import { SpanKind, SpanStatusCode, type Link, type Span, type Tracer } from '@opentelemetry/api';
import { isReadable, type ReadMessage } from '../reading/read-message.js';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;
/** What OpenTelemetry keeps of the links of one span unless told otherwise. */
const LINKS_PER_SPAN = 128;

/** Runs `write` inside spans that are linked to the trace of every sampled event it stores; without one there is no span. */
export async function withProjectSpans(
  tracer: Tracer,
  projection: string,
  messages: readonly ReadMessage[],
  write: () => Promise<void>,
): Promise<void> {
  const links = linksOf(messages);
  const spans: Span[] = [];
  for (let at = 0; at < links.length; at += LINKS_PER_SPAN) {
    spans.push(startSpan(tracer, projection, links.slice(at, at + LINKS_PER_SPAN)));
  }
  try {
    await write();
  } catch (error) {
    for (const span of spans) span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

const startSpan = (tracer: Tracer, projection: string, links: Link[]): Span =>
  tracer.startSpan('audit project', {
    root: true,
    kind: SpanKind.CONSUMER,
    links,
    attributes: { 'tollgate.projection': projection, 'tollgate.traces': links.length },
  });

/** One link for each trace: to the last of its events here. */
export function linksOf(messages: readonly ReadMessage[]): Link[] {
  const byTrace = new Map<string, Link>();
  for (const { events } of messages) {
    for (const event of events) {
      const link = isReadable(event) ? linkOf(event.trace) : undefined;
      if (link !== undefined) byTrace.set(link.context.traceId, link);
    }
  }
  return [...byTrace.values()];
}

function linkOf(traceparent: string | undefined): Link | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const traceFlags = parseInt(flags, 16);
  return (traceFlags & SAMPLED) === 0 ? undefined : { context: { traceId, spanId, traceFlags, isRemote: true } };
}
