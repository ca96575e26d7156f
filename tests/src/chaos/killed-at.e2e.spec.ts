import { eventually, Installation } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { registerSlowTool, toldTo, underLoad } from './under-load.js';

/** Decided and not appended; appended and not heard; heard and told. Each stage dies at two of them. */
const ROUNDS = [
  {
    policy: 'before-append',
    lease: 'after-append',
    budget: 'after-effects',
    dispatcher: 'after-append',
  },
  {
    policy: 'after-append',
    lease: 'before-append',
    budget: 'after-append',
    dispatcher: 'before-append',
  },
] as const;
const KINDS = ['policy', 'lease', 'budget', 'dispatcher'] as const;

/** G2: where exactly a stage dies makes no difference. */
describe('all stages die among the same calls, and their standbys go on:', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true, env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '20000' } });
    await Promise.all([tollgate.startProcess('gateway'), tollgate.startProcess('audit')]);
  });
  afterAll(() => tollgate.stop());

  it.each(ROUNDS)(
    'policy $policy, lease $lease, budget $budget, dispatcher $dispatcher',
    async (round) => {
      const victims = await Promise.all(
        KINDS.map((kind) => {
          const stage = kind === 'dispatcher' ? 'dispatch' : kind;
          return tollgate.startProcess(kind, { TOLLGATE_FAULTS: `${stage}.${round[kind]}:12=kill` });
        }),
      );
      await tollgate.ready();
      const standbys = await Promise.all(KINDS.map((kind) => tollgate.startProcess(kind)));
      await registerSlowTool(tollgate, 'slow', 1_000);

      const wishes = await underLoad(tollgate, 'slow', () =>
        eventually('each of them has died', () => victims.every(({ hasExited }) => hasExited), 20_000),
      );
      await expectEachCallEndedOnce(tollgate, toldTo(wishes));
      expectNothingDoneTwice(tollgate.tool.received);
      await Promise.all(standbys.map((one) => one.stop()));
    },
    60_000,
  );
});
