import { answer, eventually, Installation, type Answer, type Received, type ServiceProcess } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';

const CALLS = 200;
/** From the signature to the tool's note of it, on a machine where everything else runs too. */
const ON_ITS_WAY_MS = 300;

/** G4, measured at the tool: no request of a disabled agent is signed later than the `disabled_at` that was answered. */
describe('the kill switch, raced against 200 calls', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true, env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' } });
    const kinds = ['gateway', 'policy', 'lease', 'budget', 'audit'] as const;
    await Promise.all(kinds.map((kind) => tollgate.startProcess(kind)));
  });
  afterAll(() => tollgate.stop());
  afterEach(async () => {
    const dispatchers = tollgate.processes.filter(({ kind }) => kind === 'dispatcher');
    await Promise.all(dispatchers.map((one) => one.stop()));
  });

  it('lets nothing leave after it was answered, also where requests dawdle behind their permit', async () => {
    // Each request waits most of its permit between the journal and the wire.
    await dispatcher('dispatch.before-send=delay700');
    const { answers, disabledAt } = await race('dawdling');
    const reasons = new Set(answers.map(({ body }) => body.policy_reason));
    expect(reasons).toEqual(new Set(['ok', 'agent_disabled']));
    expectNothingLater('dawdling', disabledAt);
    await expectEachCallEndedOnce(tollgate, answers);
  });

  it('lets nothing leave after it was answered, also when the dispatcher is taken over in between', async () => {
    // The owner stops itself with requests ready to leave, on connections that will stand; everybody takes it for dead.
    tollgate.tool.keepConnections(60_000);
    const owner = await dispatcher('dispatch.before-send:60=stop');
    const standby = await dispatcher('');
    const { answers, disabledAt } = await race(
      'taken-over',
      () => eventually('the standby owns', () => standby.owns('dispatcher').includes(0)),
      async () => {
        // A signature says whole seconds: what it would sign now is later for certain.
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        owner.signal('SIGCONT');
      },
    );
    expectNothingLater('taken-over', disabledAt);
    await expectEachCallEndedOnce(tollgate, answers);
    expectNothingDoneTwice(tollgate.tool.received);
  });

  it('holds until the agent is enabled again', async () => {
    await dispatcher('');
    const { body } = await callOf('dawdling', 1_000);
    expect(body).toMatchObject({ decision: 'blocked', policy_reason: 'agent_disabled', risk_level: 'critical' });
    expect((await tollgate.api.post('/v1/agents/dawdling/enable')).status).toBe(200);
    expect((await callOf('dawdling', 1_000)).body.decision).toBe('executed');
  });

  async function dispatcher(faults: string): Promise<ServiceProcess> {
    const started = await tollgate.startProcess('dispatcher', { TOLLGATE_FAULTS: faults });
    await tollgate.ready();
    return started;
  }

  /** The switch is thrown when some calls have been done; `afterwards` begins when it has been answered. */
  async function race(
    agent: string,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
    afterwards: () => Promise<void> = () => Promise.resolve(),
  ): Promise<{ answers: readonly Answer[]; disabledAt: number }> {
    await tollgate.register(agent);
    tollgate.tool.on(agent, answer(200, {}));
    const calling = Promise.all(Array.from({ length: CALLS }, (_, n) => callOf(agent, n)));
    await eventually('some have been done', () => tollgate.tool.at(agent).length >= 20);
    await meanwhile();
    const disabledAt = await disable(agent);
    await afterwards();
    return { answers: await calling, disabledAt };
  }

  const callOf = (agent: string, n: number): Promise<Answer> =>
    tollgate.api.run({ agent_id: agent, tool: agent, args: { n } });

  /** Asked again while no dispatcher could confirm it. */
  async function disable(agent: string): Promise<number> {
    let at = Number.NaN;
    await eventually('the switch is answered', async () => {
      const { status, body } = await tollgate.api.post(`/v1/agents/${agent}/disable`, { reason: 'raced' });
      at = Date.parse(String(body.disabled_at));
      return status === 200;
    });
    return at;
  }

  function expectNothingLater(agent: string, disabledAt: number): void {
    const received = tollgate.tool.at(agent);
    expect(received.length).toBeLessThan(CALLS);
    expect(received.map(signedAt).filter((signed) => signed > disabledAt)).toEqual([]);
    // Signatures say whole seconds; the clock of the test is that of the dispatcher.
    expect(received.map(({ at }) => at - disabledAt).filter((late) => late > ON_ITS_WAY_MS)).toEqual([]);
  }
});

const signedAt = ({ headers }: Received): number => Number(headers['x-onceonly-timestamp']) * 1000;
