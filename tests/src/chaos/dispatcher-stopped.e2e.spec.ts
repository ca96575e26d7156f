import { answer, eventually, type Installation } from '../harness/index.js';
import { Dispatchers } from './dispatchers.js';
import { expectEachCallEndedOnce } from './ended-once.js';
import { goesOn, standsStill } from './stands-still.js';

/** A dispatcher stands still with a call in its hands: its permit runs out, and what its tools answer is not lost (rule 10). */
describe('a dispatcher that is stopped', () => {
  let dispatchers: Dispatchers;
  let tollgate: Installation;
  beforeAll(async () => {
    dispatchers = await Dispatchers.start();
    ({ tollgate } = dispatchers);
  });
  afterAll(() => tollgate.stop());
  afterEach(() => dispatchers.end());

  /** It stands still while its tool answers a call, until another owns, and goes on. */
  async function shutOutAsItsToolAnswers(tool: string, faults = '') {
    const [owner, standby] = await dispatchers.pair(faults);
    await tollgate.register(tool, { timeout_ms: 8_000 });
    tollgate.tool.on(tool, (received, response) => {
      owner.signal('SIGSTOP');
      void answer(200, { receipt: 9 })(received, response);
    });
    const calling = tollgate.api.run({ agent_id: 'a', tool, args: {} });
    await dispatchers.takesOver(standby);
    await goesOn(owner);
    return { owner, calling, atTool: () => tollgate.tool.at(tool).length };
  }

  it('stopped between the journal and the request: it sends nothing when it goes on, and its successor does', async () => {
    const [owner, standby] = await dispatchers.pair('dispatch.before-send:1=stop');
    await tollgate.register('late', { timeout_ms: 4_000 });
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'late', args: {} });
    await dispatchers.takesOver(standby);
    owner.signal('SIGCONT');
    const { body } = await calling;

    expect(body).toMatchObject({ decision: 'executed' });
    // Attempt 1 was the stopped owner's.
    expect(tollgate.tool.at('late').map((received) => received.body['request_id'])).toEqual([`${body.call_id}.2`]);
  });

  it('stopped while the tool answered: it hands the answer over when it goes on', async () => {
    const { calling, atTool } = await shutOutAsItsToolAnswers('answered');
    expect((await calling).body).toMatchObject({ decision: 'executed', result: { receipt: 9 } });
    expect(atTool()).toBe(1);
  });

  it('stopped again between the answer and its handing over: it is handed over later', async () => {
    const { owner, calling, atTool } = await shutOutAsItsToolAnswers('kept', 'dispatch.before-hand-over:1=stop');
    let told = false;
    void calling.then(() => (told = true));
    await eventually('it stands still again', () => standsStill(owner));
    expect(told).toBe(false);
    owner.signal('SIGCONT');
    expect((await calling).body).toMatchObject({ decision: 'executed', result: { receipt: 9 } });
    expect(atTool()).toBe(1);
  });

  it('killed between the answer and its handing over: nobody knows it, and nothing is sent again', async () => {
    const { owner, calling, atTool } = await shutOutAsItsToolAnswers('lost', 'dispatch.before-hand-over:1=kill');
    expect((await calling).body).toMatchObject({ decision: 'failed', policy_reason: 'outcome_unknown' });
    expect([owner.child.signalCode, atTool()]).toEqual(['SIGKILL', 1]);
  });

  it.each(['stop', 'kill'])('behind the handing over, by a %s: it is told once', async (fate) => {
    const { owner, calling, atTool } = await shutOutAsItsToolAnswers(`told-${fate}`, `dispatch.handed-over:1=${fate}`);
    const told = await calling;
    expect(told.body).toMatchObject({ decision: 'executed', result: { receipt: 9 } });
    await eventually('it met its fate', () => owner.hasExited || standsStill(owner));
    owner.signal('SIGCONT');
    expect(atTool()).toBe(1);
    await expectEachCallEndedOnce(tollgate, [told]);
  });

  it('shut out while the tool still works: what it answers later ends the call all the same', async () => {
    const [owner, standby] = await dispatchers.pair();
    await tollgate.register('long', { timeout_ms: 10_000 });
    let finish: () => void = () => undefined;
    tollgate.tool.on('long', (received, response) => {
      owner.signal('SIGSTOP');
      finish = () => void answer(200, { receipt: 10 })(received, response);
    });
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'long', args: {} });
    await dispatchers.takesOver(standby);
    owner.signal('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    finish();

    expect((await calling).body).toMatchObject({ decision: 'executed', result: { receipt: 10 } });
    expect(tollgate.tool.at('long')).toHaveLength(1);
  });
});
