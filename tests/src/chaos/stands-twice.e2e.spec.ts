import { Bus, callsStream, callsSubject, MARK_HEADER, type StoredMessage } from '@tollgate/journal';
import { answer, eventually, Installation, type Answer } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { everything, Ledger } from './ledger.js';

const CAP = 10;

/** CALLS has many writers, whose lost acks and repeats may put a thing into it twice: its readers decide it once. */
describe('a message that stands twice in CALLS', () => {
  let tollgate: Installation;
  let bus: Bus;
  beforeAll(async () => {
    tollgate = await Installation.start({ env: { LOG_LEVEL: 'warn' } });
    bus = await Bus.connect(tollgate.nats.url, { name: 'test', reconnect: false });
    await tollgate.register('once');
    await tollgate.policy('a', { max_actions_per_hour: CAP });
  });
  afterAll(async () => {
    await bus.close();
    await tollgate.stop();
  });

  const repeat = ({ subject, data, mark }: StoredMessage): Promise<number> =>
    bus.append(subject, data, {}, 5_000, { [MARK_HEADER]: mark });
  const inCalls = (reader: 'policy' | 'dispatcher'): Promise<StoredMessage[]> =>
    everything(bus, callsStream(0), callsSubject(0, reader));
  const run = (n: number): Promise<Answer> => tollgate.api.run({ agent_id: 'a', tool: 'once', args: { n } });

  it('is one call: the tool, the caps and the record see it once, whenever it comes again', async () => {
    const told = [await run(1)];
    const [first] = await inCalls('policy');
    await repeat(first!);
    // Again while its call is still running, and again from an owner that knows it from its journal only.
    let working: () => void = () => undefined;
    tollgate.tool.on('once', async (received, response) => {
      await new Promise<void>((resolve) => (working = resolve));
      await answer(200, {})(received, response);
    });
    const second = run(2);
    await eventually('the second is at the tool', () => tollgate.tool.at('once').length === 2);
    await repeat((await inCalls('policy')).at(-1)!);
    await repeat(first!);
    working();
    told.push(await second);
    tollgate.tool.on('once', answer(200, {}));
    await tollgate.processes[0]!.stop();
    await tollgate.startProcess('all');
    await tollgate.ready();
    await repeat(first!);

    for (let n = 3; n <= CAP; n++) told.push(await run(n));
    expect(told.map(({ body }) => body.decision)).toEqual(Array.from({ length: CAP }, () => 'executed'));
    expect((await run(CAP + 1)).body).toMatchObject({ decision: 'blocked', limit: CAP, remaining: 0 });
    expect(tollgate.tool.at('once')).toHaveLength(CAP);
    expectNothingDoneTwice(tollgate.tool.received);
    await expectEachCallEndedOnce(tollgate, told);
  });

  it('is one word of an operator: the call is resolved once', async () => {
    await tollgate.register('unknown', { timeout_ms: 300 });
    tollgate.tool.on('unknown', (_received, response) => void response.destroy());
    const { body } = await tollgate.api.run({ agent_id: 'b', tool: 'unknown', args: {} });
    expect(body.policy_reason).toBe('outcome_unknown');
    const word = { outcome: 'failed', note: 'not in the books' };
    expect((await tollgate.api.post(`/v1/calls/${body.call_id}/resolve`, word)).status).toBe(200);
    const [said] = await inCalls('dispatcher');
    await repeat(said!);
    await run(1);

    const ledger = await Ledger.read(tollgate.nats.url);
    const resolved = ledger.events('dispatch').filter(({ type }) => type === 'resolved');
    expect(resolved).toHaveLength(1);
  });
});
