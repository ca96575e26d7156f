import type { JournalName } from '@tollgate/events';
import { eventually, Installation } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { Ledger } from './ledger.js';
import { registerSlowTool, toldTo, underLoad } from './under-load.js';

const STAGES = [
  { stage: 'policy', kind: 'policy' },
  { stage: 'lease', kind: 'lease' },
  { stage: 'budget', kind: 'budget' },
  { stage: 'dispatch', kind: 'dispatcher' },
] as const;

/** Which appends of each stage: enough of them that attempts begin in some and end in others. */
const LOST = [4, 6, 8, 10, 12, 14];

/** The broker has it and nobody heard. */
describe('an append whose acknowledgement is lost', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true, env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' } });
    const stages = STAGES.map(({ stage, kind }) =>
      tollgate.startProcess(kind, {
        TOLLGATE_FAULTS: LOST.map((append) => `${stage}.after-append:${append}=throw`).join(','),
      }),
    );
    await Promise.all([...stages, tollgate.startProcess('audit')]);
    await tollgate.startProcess('gateway', { TOLLGATE_FAULTS: 'gateway.call-accepted:20=throw' });
    await tollgate.ready();
    await registerSlowTool(tollgate, 'slow');
  });
  afterAll(() => tollgate.stop());

  it('changes nothing at any stage, and is told by a gateway, whose client repeats the call and gets its result', async () => {
    // Each time a stage's own append shuts its owner out.
    const wishes = await underLoad(tollgate, 'slow', () =>
      eventually('every loss has happened', async () => {
        const ledger = await Ledger.read(tollgate.nats.url);
        return STAGES.every(({ stage }) => ownersOf(ledger, stage) === 1 + LOST.length);
      }),
    );

    expect(tollgate.tool.at('slow')).toHaveLength(wishes.length);
    await expectEachCallEndedOnce(tollgate, toldTo(wishes));
    expectNothingDoneTwice(tollgate.tool.received);

    const repeated = wishes.filter(({ answers }) => answers.length > 1);
    expect(repeated.map(({ answers }) => answers.map(({ status }) => status))).toEqual([[503, 200]]);
    const [lost, repeat] = repeated[0]!.answers;
    expect(lost!.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(repeat!.body).toMatchObject({ decision: 'dedup', original_call_id: lost!.body.detail.call_id });
    const read = await tollgate.api.get(`/v1/calls/${lost!.body.detail.call_id}`);
    expect(read.body).toMatchObject({ decision: 'executed', result: repeat!.body.result });
    expect(wishes.filter(({ last }) => last?.body.decision === 'executed')).toHaveLength(wishes.length - 1);
  });
});

const ownersOf = (ledger: Ledger, stage: JournalName): number =>
  ledger.events(stage).filter(({ type }) => type === 'owner-changed').length;
