import { Installation, type ProcessKind } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { reasonsOf, registerSlowTool, toldTo, underLoad } from './under-load.js';

/** An attempt of a dispatcher that died is waited for so long, and the margin. */
const FORGOTTEN_MS = 1_000;
const KINDS: readonly ProcessKind[] = ['policy', 'lease', 'budget', 'dispatcher', 'audit', 'gateway'];

/** G2 and G5: `kill -9` in mid-call under load; nobody takes over until the process is started again. */
describe('without a standby, a process is killed among calls and started again:', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({
      layout: 'each',
      env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' },
    });
    await registerSlowTool(tollgate, 'slow');
    await registerSlowTool(tollgate, 'forgotten', FORGOTTEN_MS);
  });
  afterAll(() => tollgate.stop());

  it.each(KINDS)(
    '%s',
    async (kind) => {
      const victim = tollgate.processes.find((one) => one.kind === kind && !one.hasExited);
      const wishes = await underLoad(tollgate, kind === 'dispatcher' ? 'forgotten' : 'slow', async () => {
        await victim?.kill();
        await tollgate.startProcess(kind);
      });
      expect(reasonsOf(wishes)['outcome_unknown'] ?? 0).toBeLessThanOrEqual(kind === 'dispatcher' ? 16 : 0);
      await expectEachCallEndedOnce(tollgate, toldTo(wishes));
      expectNothingDoneTwice(tollgate.tool.received);
    },
    40_000,
  );
});
