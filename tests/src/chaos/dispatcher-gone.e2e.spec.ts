import { answer, eventually, hang, Installation, type ServiceProcess } from '../harness/index.js';
import { expectEachCallEndedOnce } from './ended-once.js';

/** A dispatcher dies, or stands still, with a request on its way: unknown is never guessed, and nothing is sent too late. */
describe('a dispatcher that is gone', () => {
  let tollgate: Installation;
  const env = { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '20000' };
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true, env });
    await Promise.all(
      (['gateway', 'policy', 'lease', 'budget', 'audit'] as const).map((kind) => tollgate.startProcess(kind)),
    );
  }, 60_000);
  afterAll(() => tollgate.stop(), 30_000);
  afterEach(() => Promise.all(dispatchers().map((one) => one.stop())));

  const dispatchers = (): ServiceProcess[] =>
    tollgate.processes.filter(({ kind, hasExited }) => kind === 'dispatcher' && !hasExited);

  /** The first owns, the second stands by. */
  async function twoDispatchers(faults: string): Promise<[ServiceProcess, ServiceProcess]> {
    const first = await tollgate.startProcess('dispatcher', { TOLLGATE_FAULTS: faults });
    await eventually('the first dispatcher owns', () => first.owns('dispatcher').includes(0));
    const second = await tollgate.startProcess('dispatcher');
    await tollgate.ready();
    return [first, second];
  }
  const takesOver = (second: ServiceProcess): Promise<void> =>
    eventually('the standby owns', () => second.owns('dispatcher').includes(0));

  it('killed after the request left: the outcome is unknown and the tool is not asked again', async () => {
    const [owner] = await twoDispatchers('');
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
  }, 30_000);

  it('killed after the request left, where the tool wants it again: the same key until an end is known', async () => {
    const [owner] = await twoDispatchers('');
    await tollgate.register('again', { timeout_ms: 300, on_unknown: 'retry' });
    tollgate.tool.on('again', (received, response) => {
      if (tollgate.tool.at('again').length === 1) owner.signal('SIGKILL');
      else void answer(200, { done: true })(received, response);
    });
    const one = await tollgate.api.run({ agent_id: 'a', tool: 'again', args: {} });
    expect(one.body).toMatchObject({ decision: 'executed', result: { done: true } });
    const keys = tollgate.tool.at('again').map(({ body }) => body.idempotency_key);
    expect(keys).toEqual([keys[0], keys[0]]);
  }, 30_000);

  it('stopped between the journal and the request: it sends nothing when it goes on, and its successor does', async () => {
    const [owner, standby] = await twoDispatchers('dispatch.before-send:1=stop');
    await tollgate.register('late', { timeout_ms: 4_000 });
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'late', args: {} });
    await takesOver(standby);
    owner.signal('SIGCONT');
    const { body } = await calling;

    expect(body).toMatchObject({ decision: 'executed' });
    // Attempt 1 was the stopped owner's.
    expect(tollgate.tool.at('late').map((received) => received.body['request_id'])).toEqual([`${body.call_id}.2`]);
  }, 30_000);

  it('stopped while the tool answered: it hands the answer over when it goes on', async () => {
    const [owner, standby] = await twoDispatchers('');
    await tollgate.register('answered', { timeout_ms: 10_000 });
    tollgate.tool.on('answered', (received, response) => {
      owner.signal('SIGSTOP');
      void answer(200, { receipt: 9 })(received, response);
    });
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'answered', args: {} });
    await takesOver(standby);
    owner.signal('SIGCONT');

    expect((await calling).body).toMatchObject({ decision: 'executed', result: { receipt: 9 } });
    expect(tollgate.tool.at('answered')).toHaveLength(1);
  }, 30_000);

  it('shut out while the tool still works: what it answers later ends the call all the same', async () => {
    const [owner, standby] = await twoDispatchers('');
    await tollgate.register('long', { timeout_ms: 10_000 });
    let finish: () => void = () => undefined;
    tollgate.tool.on('long', (received, response) => {
      owner.signal('SIGSTOP');
      finish = () => void answer(200, { receipt: 10 })(received, response);
    });
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'long', args: {} });
    await takesOver(standby);
    owner.signal('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    finish();

    expect((await calling).body).toMatchObject({ decision: 'executed', result: { receipt: 10 } });
    expect(tollgate.tool.at('long')).toHaveLength(1);
  }, 30_000);

  it('ended in good order while the tool hangs: the attempt is left alone until its deadline', async () => {
    const [owner] = await twoDispatchers('');
    await tollgate.register('hanging', { timeout_ms: 500 });
    tollgate.tool.on('hanging', hang);
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'hanging', args: {} });
    await eventually('the tool has it', () => tollgate.tool.at('hanging').length === 1);
    await owner.stop();

    expect((await calling).body).toMatchObject({ policy_reason: 'outcome_unknown' });
    expect(tollgate.tool.at('hanging')).toHaveLength(1);
  }, 30_000);
});
