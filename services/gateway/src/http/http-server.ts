import { FastifyAdapter } from '@nestjs/platform-fastify';
import { context, trace, type Span } from '@opentelemetry/api';
import { tracerFor } from '@tollgate/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions, RawServerDefault } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { noSuchRoute } from './contract-error.js';
import { sendError } from './errors.filter.js';
import type { KnownRoutes } from './known-routes.js';
import { collectBody } from './raw-body.js';
import { requestIdFrom } from './request-id.js';
import { endRequestSpan, startRequestSpan } from './request-span.js';

const MAX_BODY = 1_048_576;
/** An id has up to 256 code points of up to 12 encoded characters; what is longer is judged by the schema. */
const MAX_PARAM = 16_384;
const RECEIVE_TIMEOUT_MS = 30_000;

/** Fastify as the contract's section 0 wants it: ids and spans on every request, bodies raw until the key is known. */
export function httpServer(routes: KnownRoutes): FastifyAdapter {
  const options: FastifyServerOptions = {
    logger: false,
    genReqId: (request: IncomingMessage) => requestIdFrom(request.headers['x-request-id']),
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      // A segment that cannot be decoded: no route has it.
      sendError(reply.header('X-Request-Id', request.id), noSuchRoute());
    },
    clientErrorHandler: refuseGarbage,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    // What arrives while the gateway stops is answered like any other request, and its connection is closed.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM },
  };
  const adapter = new FastifyAdapter<RawServerDefault>(options);
  prepare(adapter.getInstance(), routes);
  return adapter;
}

function prepare(fastify: FastifyInstance, routes: KnownRoutes): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request: FastifyRequest, stream: IncomingMessage) =>
    collectBody(stream, MAX_BODY),
  );
  fastify.addHook('onRoute', ({ url, method }) => {
    routes.add(url, [method].flat());
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    // A body is JSON whatever its type is said to be; an unreadable type must not be refused either.
    delete request.raw.headers['content-type'];
    spans.set(request, spanned(request, reply));
    done();
  });
  // Not earlier: reading the body loses the context.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else context.with(trace.setSpan(context.active(), span), done);
  });
}

const spans = new WeakMap<FastifyRequest, Span>();

function spanned(request: FastifyRequest, reply: FastifyReply): Span {
  const route = request.routeOptions.url ?? 'unknown';
  const span = startRequestSpan(tracerFor('gateway'), request.method, route, request.headers.traceparent);
  span.setAttribute('tollgate.request_id', request.id);
  reply.raw.once('close', () => {
    endRequestSpan(span, reply.raw.statusCode);
  });
  return span;
}

const GARBAGE: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** What is no HTTP at all never becomes a request; it gets the contract's shape all the same. */
function refuseGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = GARBAGE[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify({ detail });
  socket.end(
    `HTTP/1.1 ${status} ${detail}\r\nX-Request-Id: ${requestIdFrom(undefined)}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
