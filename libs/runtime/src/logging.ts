import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { describeError } from './describe-error.js';

type Scalar = string | number | boolean | null | undefined;

/** Flat on purpose: a body, a header map or an event cannot be logged as a whole. */
export type LogFields = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** Messages are fixed texts; what varies goes into fields. Neither ever holds arguments, results, secrets or keys. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  /** The error is described by kind, code and frames, without the text it quotes. */
  error(message: string, fields?: LogFields, error?: unknown): void;
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly fields?: LogFields;
  /** Where lines go; the standard output unless a test says otherwise. */
  readonly destination?: DestinationStream;
}

/** JSON lines: level, time (ISO 8601), the given fields, the ids of the active span, `msg`. */
export function createLogger({ level, fields = {}, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: fields,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: activeSpan,
    // `err` is described already; pino's own serializer would make something else of it.
    serializers: { err: (described: unknown) => described },
  };
  return wrap(pino(options, destination ?? standardOutput()));
}

/**
 * Written at once, as Node's own console does. pino's buffered default loses what is under way when the process exits,
 * and when nobody reads any more (the launcher was killed) its last flush never ends, and neither does the process.
 */
const standardOutput = (): DestinationStream => pino.destination({ dest: process.stdout.fd, sync: true });

function wrap(logger: PinoLogger): Logger {
  return {
    debug: (message, fields) => {
      logger.debug(fields ?? {}, message);
    },
    info: (message, fields) => {
      logger.info(fields ?? {}, message);
    },
    warn: (message, fields, error) => {
      logger.warn(withError(fields, error), message);
    },
    error: (message, fields, error) => {
      logger.error(withError(fields, error), message);
    },
    child: (fields) => wrap(logger.child(fields)),
  };
}

function withError(fields: LogFields | undefined, error: unknown): object {
  return error === undefined ? { ...fields } : { ...fields, err: describeError(error) };
}

function activeSpan(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
