import { isEnding } from '@tollgate/events';
import { AuditBench, until } from '../spec/audit-bench.js';
import type { DecisionCloudEvent } from './cloud-event.js';

const SLOW = 30_000;

describe('the stream of decisions', () => {
  let bench: AuditBench;
  beforeEach(async () => {
    bench = await AuditBench.open();
  });
  afterEach(() => bench.close());

  const endings = () => bench.written.flatMap(([, event]) => (isEnding(event) ? [String(event.id)] : [])).sort();

  async function published(expected: number): Promise<readonly DecisionCloudEvent[]> {
    const events: DecisionCloudEvent[] = [];
    const reader = await bench.bus.read({
      stream: bench.decisions.stream,
      after: 0,
      onMessage: ({ data }) => events.push(JSON.parse(new TextDecoder().decode(data)) as DecisionCloudEvent),
    });
    await until(() => events.length >= expected);
    await reader.stop();
    return events;
  }

  it(
    'G2: stopped behind a publication ten times: every ending is published once',
    async () => {
      for (let life = 0; life < 10; life += 1) {
        await bench.writeCalls(6);
        await bench.dieAfter(bench.decisionSink(), 1);
      }
      await bench.caughtUp(bench.start(bench.decisionSink()));
      expect((await published(endings().length)).map(({ id }) => id).sort()).toEqual(endings());
    },
    SLOW,
  );

  it(
    'G2: two processes at once: every ending is published once',
    async () => {
      const lanes = [bench.start(bench.decisionSink()), bench.start(bench.decisionSink())];
      for (let round = 0; round < 20; round += 1) await bench.writeCalls(10);
      expect((await published(endings().length)).map(({ id }) => id).sort()).toEqual(endings());
      expect(lanes.map(({ state }) => state)).not.toContain('stopped');
    },
    SLOW,
  );

  it('says what happened, and no argument or result', async () => {
    await bench.writeCalls(3);
    bench.start(bench.decisionSink());
    const events = await published(2);
    expect(events.map(({ type }) => type).sort()).toEqual([
      'tollgate.decision.blocked',
      'tollgate.decision.executed',
      'tollgate.decision.executed',
    ]);
    expect(JSON.stringify(events)).not.toContain('raw');
  });
});
