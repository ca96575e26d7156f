import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BusError } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContractError, internal, noSuchMethod, noSuchRoute, tooLarge, unavailable } from './contract-error.js';
import type { KnownRoutes } from './known-routes.js';

/** Every answer that is an error leaves here, in the shape of the contract's section 0. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(
    private readonly routes: KnownRoutes,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const answer = this.answerFor(error, request);
    this.log(answer, error, request);
    sendError(http.getResponse<FastifyReply>(), answer);
  }

  private answerFor(error: unknown, request: FastifyRequest): ContractError {
    if (error instanceof ContractError) return error;
    if (error instanceof BusError) return unavailable('The journals are out of reach', {}, error);
    if (error instanceof HttpException && error.getStatus() === 404) return this.unrouted(request);
    return frameworkError(error) ?? internal(request.id);
  }

  private unrouted(request: FastifyRequest): ContractError {
    const allowed = this.routes.methodsOf(request.raw.url ?? '');
    return allowed.length === 0 ? noSuchRoute() : noSuchMethod(allowed);
  }

  private log({ status, cause }: ContractError, error: unknown, request: FastifyRequest): void {
    const fields = { request_id: request.id, status, method: request.method, route: request.routeOptions.url ?? '' };
    if (status === 500) this.logger.error('a request failed', fields, error);
    else if (status === 503) this.logger.warn('a request was turned away', fields, cause);
    else this.logger.info('a request was refused', fields);
  }
}

export function sendError(reply: FastifyReply, { status, detail, headers }: ContractError): void {
  void reply
    .code(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...headers })
    .send({ detail });
}

/** What Fastify itself refuses (a broken Content-Length, for one) is the client's error, in words of ours. */
function frameworkError(error: unknown): ContractError | undefined {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number' || typeof code !== 'string' || !code.startsWith('FST_')) return undefined;
  if (statusCode === 413) return tooLarge('The body is over 1 MB');
  return statusCode >= 400 && statusCode < 500 ? new ContractError(statusCode, 'Bad Request') : undefined;
}
