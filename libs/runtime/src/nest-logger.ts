import { isNativeError } from 'node:util/types';
import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logging.js';

/**
 * Nest's own words as JSON lines. Its chatter about routes and modules is for debugging; of its errors only the
 * context is kept, because it passes on the text of whatever was thrown.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...details: unknown[]): void {
    this.logger.debug('nest', { message: textOf(message), context: contextOf(details) });
  }

  debug(message: unknown, ...details: unknown[]): void {
    this.log(message, ...details);
  }

  verbose(message: unknown, ...details: unknown[]): void {
    this.log(message, ...details);
  }

  warn(_message: unknown, ...details: unknown[]): void {
    this.logger.warn('nest warned', { context: contextOf(details) });
  }

  error(message: unknown, ...details: unknown[]): void {
    this.logger.error('nest reported an error', { context: contextOf(details) }, errorIn([message, ...details]));
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.error(message, ...details);
  }
}

function textOf(message: unknown): string | undefined {
  return typeof message === 'string' ? message : undefined;
}

/** Nest passes the context last. */
function contextOf(details: readonly unknown[]): string | undefined {
  const last = details.at(-1);
  return typeof last === 'string' && /^[A-Za-z0-9_]{1,80}$/.test(last) ? last : undefined;
}

function errorIn(values: readonly unknown[]): unknown {
  return values.find((value) => isNativeError(value));
}
