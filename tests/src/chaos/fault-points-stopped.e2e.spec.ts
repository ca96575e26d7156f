import type { Installation } from '../harness/index.js';
import { expectEveryGuarantee, installationToDoom, startDoomed } from './fault-points-run.js';
import { stoppedInTurn } from './relay.js';
import { stoppedAndReplaced } from './replaced.js';

/**
 * What the simulation plays, on real processes and a real broker: at every point between two effects that calls and
 * takeovers come by, a process of every service stands still among calls until another has taken over, and goes on: it must
 * not know better. The verdict must be the simulation's.
 */
describe('stopped at every point between two effects', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await installationToDoom();
  });
  afterAll(() => tollgate.stop(), 30_000);

  it('every guarantee holds', async () => {
    const relays = await startDoomed(tollgate, stoppedInTurn, stoppedAndReplaced);
    await expectEveryGuarantee(tollgate, relays);
  }, 180_000);
});
