import { randomBytes } from 'node:crypto';
import { Bus } from '@tollgate/journal';
import { answer, drop, type Api, type Behaviour, type Installation } from '../../harness/index.js';
import { parkCall, putIntoCalls } from '../parked-call.js';
import { playLeases, type PlayedLeases } from './leases.js';

const KB = 1024;

/** What must not be found, each under a name of its own; all but the keys contain the mark of this run. */
export class Canaries {
  /** Letters and digits only: no escaping changes it, so one search finds every canary that contains it. */
  readonly mark = `cnry${randomBytes(8).toString('hex')}`;
  /** In what the test itself writes into CALLS in the clear, which the broker therefore keeps. */
  readonly stray = `stray${randomBytes(8).toString('hex')}`;
  /** A number that nobody else writes. */
  readonly number = Number(`7${randomBytes(6).readUIntBE(0, 6).toString().padStart(15, '3').slice(-14)}`);
  /** API keys: random by themselves. */
  readonly keys: string[] = [];

  /** Ends in what JSON and base64 treat differently. */
  of = (place: string): string => `${this.mark}.${place}."é\\`;

  /** As long as said, with a canary at both ends and in the middle. */
  long(place: string, length: number): string {
    const filling = 'x'.repeat(length / 2);
    return `${this.of(`${place}-begin`)}${filling}${this.of(`${place}-middle`)}${filling}${this.of(`${place}-end`)}`;
  }
}

export interface Played {
  /** Every call that was accepted, by how it ended. */
  readonly calls: Readonly<Record<string, string>>;
  /** Words of operators: on the record, and nowhere else. */
  readonly words: readonly string[];
  readonly leases: PlayedLeases;
}

/** Calls of every kind of ending, locks, leases and a job, and inputs of every kind of refusal, each with canaries wherever something can be put. */
export async function playCanaries(tollgate: Installation, canaries: Canaries): Promise<Played> {
  const { api } = tollgate;
  await registerTools(tollgate, canaries);
  const agent = await mintedKey(api, canaries, { role: 'agent', agents: ['a1'] });
  const words = await disabledAgent(api, canaries);
  const calls = {
    ...(await endedCalls(tollgate, agent, canaries)),
    ...(await inDoubtCalls(tollgate, canaries)),
    parked: await parkedCall(tollgate, canaries),
  };
  const leases = await playLeases(tollgate, agent, canaries);
  await triedCalls(tollgate, canaries);
  await refusedInputs(tollgate, canaries);
  return { calls: { ...calls, job: leases.callId }, words: [...words, NOTE], leases };
}

const NOTE = `found in the ledger ${randomBytes(6).toString('hex')}`;

async function registerTools(tollgate: Installation, canaries: Canaries): Promise<void> {
  const { tool } = tollgate;
  const ok = (result: unknown): Behaviour => answer(200, result, { 'x-canary': canaries.mark });
  tool.on('small', ok({ [canaries.of('result-name')]: [canaries.of('result'), canaries.number] }));
  tool.on('text', (_received, response) => void response.writeHead(200).end(canaries.of('result-text')));
  tool.on('large', ok({ text: canaries.long('large-result', 200 * KB) }));
  tool.on('errs', answer(400, { error: canaries.of('error-body') }));
  tool.on('fails', answer(500, { error: canaries.of('server-error-body') }));
  tool.on('drops', drop);
  tool.on('drops-too', drop);
  tool.on('asked', drop);
  tool.on('asked-known', ok({ status: 'executed', result: { text: canaries.of('reconciled-result') } }));
  tool.on('busy', (received, response) =>
    tool.at('busy').length === 1
      ? answer(429, { error: canaries.of('busy-body') }, { 'retry-after': '1' })(received, response)
      : ok({ text: canaries.of('result-after-retry') })(received, response),
  );
  const auth = { type: 'hmac_sha256', secret: canaries.of('tool-secret') };
  for (const name of ['small', 'text', 'large', 'errs', 'fails', 'drops', 'drops-too', 'busy', 'forbidden']) {
    await tollgate.register(name, { auth });
  }
  await tollgate.register('asked', { auth, on_unknown: 'reconcile', reconcile_url: tool.url('asked-known') });
  await tollgate.register('nowhere', { auth, url: 'http://127.0.0.1:1/nowhere', max_retries: 0 });
  await tollgate.register('small', { auth: { type: 'hmac_sha256', secret: canaries.of('newer-tool-secret') } });
}

async function mintedKey(api: Api, canaries: Canaries, asked: object): Promise<Api> {
  const { body } = await api.post('/v1/keys', asked, { 'idempotency-key': canaries.of('key-idempotency-key') });
  canaries.keys.push(body.key as string);
  return api.as(body.key as string);
}

async function disabledAgent(api: Api, canaries: Canaries): Promise<readonly string[]> {
  const reason = `went astray ${randomBytes(6).toString('hex')}`;
  await api.post('/v1/agents/a3/disable', { reason });
  const blocked = await api.run({ agent_id: 'a3', tool: 'small', args: { secret: canaries.of('disabled-args') } });
  expect(blocked.body.policy_reason).toBe('agent_disabled');
  return [reason];
}

async function endedCalls(
  tollgate: Installation,
  agent: Api,
  canaries: Canaries,
): Promise<Readonly<Record<string, string>>> {
  await tollgate.policy('a1', { max_actions_per_hour: 1_000 });
  await tollgate.policy('a2', { blocked_tools: ['forbidden'] });
  const args = (place: string): object => ({
    [canaries.of(`${place}-args-name`)]: { deep: [canaries.of(`${place}-args`), canaries.number] },
  });
  const metadata = { note: canaries.of('metadata') };
  const run = async (by: Api, decision: string, call: object, headers = {}): Promise<string> => {
    const { body } = await by.run({ agent_id: 'a1', metadata, ...call }, headers);
    expect(body).toMatchObject({ decision });
    return body.call_id as string;
  };
  const { api } = tollgate;
  const keyed = { 'idempotency-key': canaries.of('idempotency-key') };
  const large = { agent_id: 'a1', tool: 'large', args: { text: canaries.long('large-args', 59 * KB) } };
  return {
    executed: await run(agent, 'executed', { tool: 'small', args: args('small'), spend_usd: 1.5 }),
    dedup: await run(agent, 'dedup', { tool: 'small', args: args('small') }),
    keyed: await run(api, 'executed', { tool: 'small', args: args('keyed') }, keyed),
    'keyed again': await run(api, 'dedup', { tool: 'small', args: args('keyed') }, keyed),
    text: await run(api, 'executed', { tool: 'text', args: args('text') }),
    large: await run(api, 'executed', large),
    'large again': await run(api, 'dedup', large),
    blocked: await run(api, 'blocked', { agent_id: 'a2', tool: 'forbidden', args: args('blocked') }),
    'tool error': await run(api, 'failed', { tool: 'errs', args: args('errs') }),
    'server error': await run(api, 'failed', { tool: 'fails', args: args('fails') }),
    'not sent': await run(api, 'failed', { tool: 'nowhere', args: args('nowhere') }),
    retried: await run(api, 'executed', { tool: 'busy', args: args('busy') }),
    asked: await run(api, 'executed', { tool: 'asked', args: args('asked') }),
  };
}

async function inDoubtCalls({ api }: Installation, canaries: Canaries): Promise<Readonly<Record<string, string>>> {
  const unknown = async (tool: string): Promise<string> => {
    const { body } = await api.run({ agent_id: 'a1', tool, args: { secret: canaries.of(`${tool}-args`) } });
    expect(body.policy_reason).toBe('outcome_unknown');
    return body.call_id as string;
  };
  const resolved = await unknown('drops');
  const word = { outcome: 'executed', result: { text: canaries.of('resolved-result') }, note: NOTE };
  expect((await api.post(`/v1/calls/${resolved}/resolve`, word)).status).toBe(200);
  return { resolved, 'in doubt': await unknown('drops-too') };
}

/** A sealed call that policy cannot decode, and a message that is no event at all. */
async function parkedCall(tollgate: Installation, canaries: Canaries): Promise<string> {
  const { api, nats, tool } = tollgate;
  const sent = tool.received.length;
  const { callId } = await parkCall(tollgate, canaries.stray);
  expect((await api.get(`/v1/calls/${callId}`)).body).toMatchObject({ decision: 'failed' });
  expect(tool.received).toHaveLength(sent);
  const bus = await Bus.connect(nats.url, { name: 'canary-load', reconnect: false });
  await putIntoCalls(bus, 'garbage', `no event, but ${canaries.stray}`);
  await bus.close();
  return callId;
}

/** What is only tried goes from stage to stage as well, and stays nowhere. */
async function triedCalls({ api }: Installation, canaries: Canaries): Promise<void> {
  const call = { tool: 'small', args: { secret: canaries.of('tried-args') } };
  expect((await api.run({ agent_id: 'a1', ...call, dry_run: true })).body.decision).toBe('dry_run');
  expect((await api.post('/v1/policies/a2/test', call)).body.decision).toBe('dry_run');
}

/** What never becomes a call. */
async function refusedInputs({ api }: Installation, canaries: Canaries): Promise<void> {
  const call = { agent_id: 'a1', tool: 'small' };
  const secret = canaries.of('refused-args');
  const status = async (sent: ReturnType<Api['send']>): Promise<number> => (await sent).status;
  const post = (raw: string) => status(api.send('POST', '/v1/ai/run', { raw }));
  expect(await post(`{"agent_id":"a1","args":{"secret":"${canaries.mark}"`)).toBe(422);
  expect(await post(`{"agent_id":"a1","tool":"small","args":{"a":"${canaries.mark}","a":1}}`)).toBe(422);
  expect(await status(api.run({ ...call, args: [secret] }))).toBe(422);
  expect(await status(api.run({ ...call, args: secret }))).toBe(422);
  expect(await status(api.run({ ...call, args: { text: canaries.long('oversize-args', 70 * KB) } }))).toBe(413);
  expect(await status(api.run({ ...call, tool: 'unknown', args: { secret } }))).toBe(404);
  expect(await status(api.as(`tg_live_${canaries.mark}`).run({ ...call, args: { secret } }))).toBe(403);
  const bad = { name: 'bad', url: 'nonsense', auth: { type: 'hmac_sha256', secret: canaries.of('refused-secret') } };
  expect(await status(api.post('/v1/tools', bad))).toBe(422);
}
