import { context, trace, type Context, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import type { ServiceName } from './service.js';

/** Says whose a span is where several services share a process, and so a resource. */
export const SERVICE_ATTRIBUTE = 'tollgate.service';

/** The tracer of one service. It may be taken before telemetry has started. */
export function tracerFor(service: ServiceName): Tracer {
  return new ServiceTracer(service, trace.getTracer(`tollgate-${service}`));
}

class ServiceTracer implements Tracer {
  constructor(
    private readonly service: ServiceName,
    private readonly tracer: Tracer,
  ) {}

  startSpan(name: string, options: SpanOptions = {}, parent: Context = context.active()): Span {
    const attributes = { ...options.attributes, [SERVICE_ATTRIBUTE]: this.service };
    return this.tracer.startSpan(name, { ...options, attributes }, parent);
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: ActiveSpanArguments<F>): ReturnType<F> {
    const [options, parent, run] = namedArguments(rest);
    const span = this.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), run as (span: Span) => ReturnType<F>, undefined, span);
  }
}

type ActiveSpanArguments<F> = [F] | [SpanOptions, F] | [SpanOptions, Context, F];

function namedArguments<F>(rest: ActiveSpanArguments<F>): [SpanOptions, Context, F] {
  switch (rest.length) {
    case 1:
      return [{}, context.active(), rest[0]];
    case 2:
      return [rest[0], context.active(), rest[1]];
    case 3:
      return rest;
  }
}
