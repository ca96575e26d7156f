import type { TollgateEvent } from '@tollgate/events';
import { answer, drop, eventually, hang, type Installation } from '../harness/index.js';
import { Dispatchers } from './dispatchers.js';
import { expectEachCallEndedOnce } from './ended-once.js';
import { Ledger } from './ledger.js';

/** A dispatcher dies with a call in its hands: unknown is never guessed (rule 7), nothing leaves before its ack (rule 2). */
describe('a dispatcher that dies', () => {
  let dispatchers: Dispatchers;
  let tollgate: Installation;
  beforeAll(async () => {
    dispatchers = await Dispatchers.start();
    ({ tollgate } = dispatchers);
  });
  afterAll(() => tollgate.stop());
  afterEach(() => dispatchers.end());
  const endingsOf = async (callId: string) =>
    (await Ledger.read(tollgate.nats.url))
      .endings()
      .get(callId)
      ?.map(({ type }) => type);

  it('killed after the request left: the outcome is unknown and the tool is not asked again', async () => {
    const [owner] = await dispatchers.pair();
    await tollgate.register('pay', { timeout_ms: 300 });
    tollgate.tool.on('pay', () => owner.signal('SIGKILL'));
    const call = { agent_id: 'a', tool: 'pay', args: { amount: 1 } };
    const first = await tollgate.api.run(call);
    expect(first.body).toMatchObject({ ok: false, decision: 'failed', policy_reason: 'outcome_unknown' });

    const repeat = await tollgate.api.run(call);
    expect(repeat.body).toMatchObject({ policy_reason: 'outcome_unknown', original_call_id: first.body.call_id });
    expect(tollgate.tool.at('pay')).toHaveLength(1);

    await expectEachCallEndedOnce(tollgate, [first, repeat]);
    const word = { outcome: 'executed', result: { receipt: 7 }, note: 'seen in the books' };
    await tollgate.api.post(`/v1/calls/${first.body.call_id}/resolve`, word);
    expect((await tollgate.api.run(call)).body).toMatchObject({ decision: 'dedup', result: { receipt: 7 } });
    expect(tollgate.tool.at('pay')).toHaveLength(1);
  });

  it('killed after the request left, where the tool wants it again: the same key until an end is known', async () => {
    const [owner] = await dispatchers.pair();
    await tollgate.register('again', { timeout_ms: 300, on_unknown: 'retry' });
    tollgate.tool.on('again', (received, response) => {
      if (tollgate.tool.at('again').length === 1) owner.signal('SIGKILL');
      else void answer(200, { done: true })(received, response);
    });
    const one = await tollgate.api.run({ agent_id: 'a', tool: 'again', args: {} });
    expect(one.body).toMatchObject({ decision: 'executed', result: { done: true } });
    const keys = tollgate.tool.at('again').map(({ body }) => body.idempotency_key);
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  it('killed while it asks the tool what became of the call: its successor asks again, and nothing is sent twice', async () => {
    const [owner] = await dispatchers.pair();
    const reconcile_url = tollgate.tool.url('known');
    await tollgate.register('asked', { on_unknown: 'reconcile', reconcile_url });
    tollgate.tool.on('asked', drop);
    tollgate.tool.on('known', (received, response) => {
      if (tollgate.tool.at('known').length === 1) owner.signal('SIGKILL');
      else void answer(200, { status: 'executed', result: { receipt: 7 } })(received, response);
    });
    const call = { agent_id: 'a', tool: 'asked', args: {} };
    const one = await tollgate.api.run(call);
    expect(one.body).toMatchObject({ decision: 'executed', result: { receipt: 7 } });
    expect([tollgate.tool.at('asked').length, tollgate.tool.at('known').length]).toEqual([1, 2]);
    expect((await tollgate.api.run(call)).body).toMatchObject({ decision: 'dedup', result: { receipt: 7 } });
    expect(await endingsOf(one.body.call_id)).toEqual(['executed']);
  });

  it('killed with the answer of its question in its hands: the same, and the call is sent again under its key', async () => {
    // It dies before the answer is in the journal, or right behind it.
    const [owner] = await dispatchers.pair();
    const reconcile_url = tollgate.tool.url('denies');
    await tollgate.register('denied', { on_unknown: 'reconcile', reconcile_url, timeout_ms: 300 });
    tollgate.tool.on('denied', (received, response) =>
      tollgate.tool.at('denied').length === 1
        ? drop(received, response)
        : answer(200, { done: true })(received, response),
    );
    tollgate.tool.on('denies', async (received, response) => {
      await answer(200, { status: 'not_executed' })(received, response);
      if (tollgate.tool.at('denies').length === 1) owner.signal('SIGKILL');
    });
    const one = await tollgate.api.run({ agent_id: 'a', tool: 'denied', args: {} });
    expect(one.body).toMatchObject({ decision: 'executed', result: { done: true } });
    const keys = [...tollgate.tool.at('denied'), ...tollgate.tool.at('denies')].map(({ body }) => body.idempotency_key);
    expect(new Set(keys).size).toBe(1);
    expect(tollgate.tool.at('denied')).toHaveLength(2);
    expect(await endingsOf(one.body.call_id)).toEqual(['executed']);
  });

  it('ended in good order while the tool hangs: the attempt is left alone until its deadline', async () => {
    const [owner] = await dispatchers.pair();
    await tollgate.register('hanging', { timeout_ms: 500 });
    tollgate.tool.on('hanging', hang);
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'hanging', args: {} });
    await eventually('the tool has it', () => tollgate.tool.at('hanging').length === 1);
    await owner.stop();

    expect((await calling).body).toMatchObject({ policy_reason: 'outcome_unknown' });
    expect(tollgate.tool.at('hanging')).toHaveLength(1);
  });

  it('killed before the attempt was in the journal: nothing had left, and its successor sends it once', async () => {
    // CONFIG twice, then that the call is queued: the append after that, of the attempt, dawdles.
    const [owner] = await dispatchers.pair('dispatch.before-append:4=delay8000,dispatch.before-append:5=delay8000');
    await tollgate.register('unsent');
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'unsent', args: {} });
    await eventually('the dispatcher has taken the call on', async () =>
      (await Ledger.read(tollgate.nats.url)).events('dispatch').some(isQueued('unsent')),
    );
    // Time enough for what would leave before its ack.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await owner.kill();

    expect((await calling).body).toMatchObject({ decision: 'executed', result: { n: 1 } });
    expect(tollgate.tool.at('unsent')).toHaveLength(1);
  });
});

const isQueued =
  (tool: string) =>
  (event: TollgateEvent): boolean =>
    event.type === 'dispatch-queued' && event.data.call.tool === tool;
