import { eventually, Installation, type ServiceProcess } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { registerSlowTool, toldTo, underLoad } from './under-load.js';

const STAGES = ['policy', 'lease', 'budget', 'dispatcher'] as const;
type Stage = (typeof STAGES)[number];
const APART_MS = 1_000;

/** G5: an owner stands still until another has taken over, and goes on. The log shuts it out, whatever it still believes. */
describe('an owner that is stopped among calls until its standby owns, and continued,', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({
      layout: 'each',
      env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' },
    });
    await Promise.all(STAGES.map((stage) => tollgate.startProcess(stage)));
    await registerSlowTool(tollgate, 'slow', 2_000);
  });
  afterAll(() => tollgate.stop());

  it('appends nothing, does nothing and comes back as standby, of whatever stage', async () => {
    const pairs = STAGES.map((stage) => ({ stage, ...pairOf(stage) }));
    const wishes = await underLoad(tollgate, 'slow', () =>
      inTurn(pairs, async ({ stage, owner, standby }) => {
        owner.signal('SIGSTOP');
        await owns(standby, stage);
        owner.signal('SIGCONT');
        await eventually(`the old ${stage} knows`, () => !owner.owns(stage).includes(0));
      }),
    );
    // Takes over in its turn: it is a standby again, with a state that fits the journal.
    const more = await underLoad(tollgate, 'slow', () =>
      inTurn(pairs, async ({ stage, owner, standby }) => {
        await standby.kill();
        await owns(owner, stage);
      }),
    );

    // Among them: no append of an owner that was shut out, no request but the one of each attempt.
    await expectEachCallEndedOnce(tollgate, toldTo([...wishes, ...more]));
    expectNothingDoneTwice(tollgate.tool.received);
    for (const { stage, owner } of pairs) expect(tollgate.owners(stage)).toEqual([owner]);
  }, 90_000);

  /** One stage soon after the other: at first the others work, then they stand still or take over, too. */
  async function inTurn<T>(all: readonly T[], disaster: (one: T) => Promise<void>): Promise<void> {
    await Promise.all(
      all.map(async (one, i) => {
        await new Promise((resolve) => setTimeout(resolve, i * APART_MS));
        await disaster(one);
      }),
    );
  }

  /** Owner and standby of a stage. */
  function pairOf(stage: Stage): { owner: ServiceProcess; standby: ServiceProcess } {
    const both = tollgate.processes.filter(({ kind }) => kind === stage);
    const [owner, standby] = both[0]!.owns(stage).includes(0) ? both : both.toReversed();
    return { owner: owner!, standby: standby! };
  }
  const owns = (one: ServiceProcess, stage: Stage): Promise<void> =>
    eventually(`the standby owns ${stage}`, () => one.owns(stage).includes(0));
});
