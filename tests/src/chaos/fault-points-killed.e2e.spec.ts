import type { Installation } from '../harness/index.js';
import { expectEveryGuarantee, installationToDoom, startDoomed } from './fault-points-run.js';
import { killedInTurn } from './relay.js';
import { killedAndReplaced } from './replaced.js';

/**
 * What the simulation plays, on real processes and a real broker: at every point between two effects that calls and
 * takeovers come by, a process of every service dies among calls, and another goes on. The verdict must be the simulation's.
 */
describe('killed at every point between two effects', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await installationToDoom();
  });
  afterAll(() => tollgate.stop(), 30_000);

  it('every guarantee holds', async () => {
    const relays = await startDoomed(tollgate, killedInTurn, killedAndReplaced);
    await expectEveryGuarantee(tollgate, relays);
  }, 180_000);
});
