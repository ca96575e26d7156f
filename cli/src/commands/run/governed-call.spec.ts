import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Api } from '../../api/api.js';
import { Refusal, Unavailable } from '../../api/refusal.js';
import { governedCall, type CallRequest } from './governed-call.js';

/** A status and a body to answer with; `drop` breaks the connection instead. */
type Answers = (readonly [number, object] | 'drop')[];

const request: CallRequest = {
  agent_id: 'billing',
  tool: 'charge',
  args: {},
  spend_usd: undefined,
  run_id: undefined,
  idempotency_key: undefined,
  dry_run: undefined,
};
const executed = { decision: 'executed', policy_reason: 'ok', call_id: 'call_1' };
const running = { decision: 'in_progress', policy_reason: 'in_progress', call_id: 'call_1' };
const error = (code: string, more: object = {}) => ({ detail: { error: code, message: '', ...more } });

describe('a governed call from the command line', () => {
  let server: Server;
  let received: { readonly method: string; readonly url: string; readonly body: unknown; readonly prefer: unknown }[];
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** Answers one after the other, the last one again and again. */
  async function against(answers: Answers, waitMs = 5_000): Promise<Api> {
    received = [];
    server = createServer((incoming, response) => {
      void (async () => {
        const { method = '', url = '', headers } = incoming;
        received.push({
          method,
          url,
          body: method === 'POST' ? await json(incoming) : undefined,
          prefer: headers.prefer,
        });
        const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'drop';
        if (answer === 'drop') incoming.socket.destroy();
        else response.writeHead(answer[0], { connection: 'close' }).end(JSON.stringify(answer[1]));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new Api({ base, key: 'tg_live_x', waitMs }, () => undefined);
  }
  const asked = () => received.map(({ method, url }) => `${method} ${url}`);

  it('is sent again after a 503 that changed nothing', async () => {
    const api = await against([
      [503, error('unavailable')],
      [200, executed],
    ]);
    expect(await governedCall(api, request)).toMatchObject(executed);
    expect(asked()).toEqual(['POST /v1/ai/run', 'POST /v1/ai/run']);
  });

  it('is looked up, and not sent again, after a 503 that names it', async () => {
    const lost = [503, error('unavailable', { call_id: 'call_1' })] as const;
    const api = await against([lost, [404, error('not_found')], [200, running], [200, executed]]);
    expect(await governedCall(api, request)).toMatchObject(executed);
    expect(asked()).toEqual(['POST /v1/ai/run', ...Array<string>(3).fill('GET /v1/calls/call_1')]);
  });

  it('is followed to its end when it still runs, as long as there is time', async () => {
    const still = [409, error('in_progress', { call_id: 'call_1' })] as const;
    expect(await governedCall(await against([still, [200, executed]]), request)).toMatchObject(executed);
    server.close();
    expect(await governedCall(await against([still, [200, running]], 0), request)).toMatchObject(running);
    expect(asked()).toEqual(['POST /v1/ai/run', 'GET /v1/calls/call_1']);
  });

  it('is not sent again after its connection broke, and says what is safe', async () => {
    const api = await against(['drop', [200, executed]]);
    const failure = await governedCall(api, request).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Unavailable);
    expect((failure as Error).message).toContain('may have been made');
    expect(asked()).toEqual(['POST /v1/ai/run']);
  });

  it.each([{ idempotency_key: 'order-1' }, { dry_run: true as const }])('is sent again with %j', async (more) => {
    const api = await against(['drop', [200, executed]]);
    expect(await governedCall(api, { ...request, ...more })).toMatchObject(executed);
    expect(received.map(({ body }) => body)).toEqual(
      Array(2).fill({ agent_id: 'billing', tool: 'charge', args: {}, ...more }),
    );
  });

  it('is left alone while it runs, where nobody wants to wait for it', async () => {
    const api = await against([
      [202, running],
      [200, executed],
    ]);
    expect(await governedCall(api, request, true)).toMatchObject(running);
    expect(received.map(({ prefer }) => prefer)).toEqual(['respond-async']);
    await governedCall(api, request);
    expect(received[1]?.prefer).toBeUndefined();
  });

  it('is left alone also where it is not known at once', async () => {
    const lost = [503, error('unavailable', { call_id: 'call_1' })] as const;
    const api = await against([lost, [404, error('not_found')], [200, running], [200, executed]]);
    expect(await governedCall(api, request, true)).toMatchObject(running);
    expect(asked()).toEqual(['POST /v1/ai/run', ...Array<string>(2).fill('GET /v1/calls/call_1')]);
  });

  it('that is refused is refused', async () => {
    const api = await against([[404, error('tool_not_found')]]);
    await expect(governedCall(api, request)).rejects.toThrow(Refusal);
    expect(asked()).toEqual(['POST /v1/ai/run']);
  });
});
