import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BusError } from '@tollgate/journal';
import { createLogger } from '@tollgate/runtime';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { z } from 'zod';
import { notFound } from './contract-error.js';
import { body, jsonObject } from './contract-fields.js';
import { ContractPipe } from './contract.pipe.js';
import { ErrorsFilter } from './errors.filter.js';
import { httpServer } from './http-server.js';
import { KnownRoutes } from './known-routes.js';

const echoBody = body({ args: jsonObject.optional(), n: z.number().optional() });

@Controller('v1/echo')
class EchoController {
  @Post()
  @HttpCode(200)
  body(@Body({ schema: echoBody }) sent: unknown) {
    return sent;
  }

  @Get('bug')
  bug() {
    throw new Error('card 4242');
  }

  @Get('bus')
  bus() {
    throw new BusError('timeout', 'no answer');
  }

  @Get('known/:id')
  known(@Param({ schema: z.object({ id: z.string() }) }) { id }: { id: string }) {
    if (id === 'none') throw notFound('not_found', 'There is none');
    return { id };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const lines: string[] = [];
let app: NestFastifyApplication;

async function newApp(): Promise<NestFastifyApplication> {
  const routes = new KnownRoutes();
  const logger = createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const made = await NestFactory.create<NestFastifyApplication>(EchoModule, httpServer(routes), {
    logger: false,
    bodyParser: false,
  });
  made.useGlobalFilters(new ErrorsFilter(routes, logger));
  made.useGlobalPipes(new ContractPipe());
  return made;
}

beforeAll(async () => {
  app = await newApp();
  await app.init();
});

afterAll(() => app.close());

const post = (payload: string | Buffer | undefined, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/v1/echo', headers, ...(payload === undefined ? {} : { payload }) });
const get = (url: string) => app.inject({ method: 'GET', url });

describe('a body is JSON', () => {
  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'no type at all', ''])(
    'as %j',
    async (type) => {
      expect((await post('{"n":1}', { 'content-type': type })).json()).toEqual({ n: 1 });
    },
  );

  it('and none is an empty object', async () => {
    expect((await post(undefined)).json()).toEqual({});
  });

  it('what is no JSON is 422', async () => {
    const answer = await post('n=1');
    expect([answer.statusCode, answer.json()]).toEqual([
      422,
      { detail: [{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: null }] },
    ]);
  });

  it('over 1 MB is 413', async () => {
    const answer = await post(`"${'x'.repeat(1_048_576)}"`);
    expect([answer.statusCode, answer.json().detail.error]).toEqual([413, 'payload_too_large']);
  });
});

describe('a path', () => {
  it('that nobody has is 404', async () => {
    const answer = await get('/v1/nothing');
    expect([answer.statusCode, answer.json()]).toEqual([404, { detail: 'Not Found' }]);
  });

  it.each(['/v1/echo/known/%ZZ', '/v1/echo/known/%FF', '/v1/echo/known/%'])(
    'that cannot be decoded (%s) is 404',
    async (url) => {
      const answer = await get(url);
      expect([answer.statusCode, answer.json()]).toEqual([404, { detail: 'Not Found' }]);
      expect(answer.headers['x-request-id']).toMatch(/^req_/);
    },
  );

  it('with another method is 405', async () => {
    const answer = await app.inject({ method: 'DELETE', url: '/v1/echo' });
    expect([answer.statusCode, answer.json(), answer.headers.allow]).toEqual([
      405,
      { detail: 'Method Not Allowed' },
      'POST',
    ]);
  });

  it.each([
    ['a%2Fb', 'a/b'],
    ['a%252Fb', 'a%2Fb'],
    ['a%3Fb%23c', 'a?b#c'],
    ['bj%C3%B6rn', 'björn'],
    ['a:b@c,d;e=f', 'a:b@c,d;e=f'],
    ['x'.repeat(3_000), 'x'.repeat(3_000)],
  ])('has its segment %s decoded once, after routing', async (segment, id) => {
    expect((await get(`/v1/echo/known/${segment}`)).json()).toEqual({ id });
  });
});

describe('an answer', () => {
  it("has the caller's request id, also when it is an error", async () => {
    const headers = { 'x-request-id': 'mine-1' };
    const answers = await Promise.all([
      post('{}', headers),
      post('{', headers),
      app.inject({ url: '/v1/nothing', headers }),
    ]);
    expect(answers.map((answer) => answer.headers['x-request-id'])).toEqual(['mine-1', 'mine-1', 'mine-1']);
  });

  it('has one of ours instead of a bad one', async () => {
    expect((await post('{}', { 'x-request-id': 'a b' })).headers['x-request-id']).toMatch(/^req_/);
  });

  it('of a bug of ours is the request id and nothing else, and so is the log', async () => {
    const answer = await get('/v1/echo/bug');
    expect([answer.statusCode, answer.json()]).toEqual([
      500,
      { detail: { error: 'internal', message: answer.headers['x-request-id'] } },
    ]);
    expect(lines.join()).toContain('a request failed');
    expect(lines.join()).not.toContain('4242');
  });

  it('with the bus out of reach is 503 with Retry-After', async () => {
    const answer = await get('/v1/echo/bus');
    expect([answer.statusCode, answer.json().detail.error, answer.headers['retry-after']]).toEqual([
      503,
      'unavailable',
      '1',
    ]);
  });

  it('of a thing that is not there says which kind', async () => {
    expect((await get('/v1/echo/known/none')).json()).toEqual({
      detail: { error: 'not_found', message: 'There is none' },
    });
  });
});

describe('a server that closes', () => {
  it('still answers a request that had begun to arrive, and closes its connection', async () => {
    const closing = await newApp();
    await closing.listen(0, '127.0.0.1');
    const { port } = closing.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const heard: string[] = [];
    socket.setEncoding('utf8').on('data', (text: string) => heard.push(text));
    socket.write('POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n');
    // The server has read that much when a request behind it is answered.
    await fetch(`http://127.0.0.1:${port}/v1/nothing`, { headers: { connection: 'close' } });
    const closed = closing.close();
    await new Promise((resolve) => void setImmediate(resolve));
    socket.write('\r\n{"n":1}');
    await Promise.all([closed, once(socket, 'close')]);
    expect(heard.join('')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*\r\n\r\n\{"n":1\}$/i);
  });
});
