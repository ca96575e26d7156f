import { Installation, type Answer } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { registerSlowTool, toldTo, underLoad } from './under-load.js';

/** G5 and G8: without the bus nothing is admitted; when it is back, everything that was accepted has one outcome. */
describe('NATS among calls', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' } });
    await registerSlowTool(tollgate, 'slow');
  });
  afterAll(() => tollgate.stop());

  it.each<{ how: string; end: () => Promise<unknown> }>([
    { how: 'restarted', end: () => tollgate.nats.stop() },
    {
      how: 'killed and started again',
      end: () =>
        new Promise((gone) => {
          tollgate.nats.process.once('exit', gone);
          tollgate.nats.process.kill('SIGKILL');
        }),
    },
  ])(
    '$how: calls are refused meanwhile, and each that was accepted ends once',
    async ({ end }) => {
      let meanwhile: Answer | undefined;
      const wishes = await underLoad(tollgate, 'slow', async () => {
        await end();
        meanwhile = await tollgate.api.run({ agent_id: 'meanwhile', tool: 'slow', args: { at: Date.now() } });
        await tollgate.startAgain('nats');
      });

      expect(meanwhile?.status).toBe(503);
      expect(meanwhile?.body.detail).toMatchObject({ error: 'unavailable' });
      expect(Number(meanwhile?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(tollgate.tool.received.filter(({ body }) => body.agent_id === 'meanwhile')).toEqual([]);
      const ledger = await expectEachCallEndedOnce(tollgate, toldTo(wishes));
      expect(ledger.requested.length).toBeGreaterThan(0);
      expectNothingDoneTwice(tollgate.tool.received);
    },
    50_000,
  );
});
