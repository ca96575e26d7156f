import { answer, type Installation } from '../harness/index.js';
import { Dispatchers } from './dispatchers.js';

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
    const [owner, standby] = await dispatchers.pair();
    await tollgate.register('answered', { timeout_ms: 10_000 });
    tollgate.tool.on('answered', (received, response) => {
      owner.signal('SIGSTOP');
      void answer(200, { receipt: 9 })(received, response);
    });
    const calling = tollgate.api.run({ agent_id: 'a', tool: 'answered', args: {} });
    await dispatchers.takesOver(standby);
    owner.signal('SIGCONT');

    expect((await calling).body).toMatchObject({ decision: 'executed', result: { receipt: 9 } });
    expect(tollgate.tool.at('answered')).toHaveLength(1);
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
