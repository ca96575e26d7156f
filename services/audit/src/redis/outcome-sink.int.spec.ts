import { decodeStoredOutcome, outcomeKey } from '@tollgate/store';
import { AuditBench, until } from '../spec/audit-bench.js';
import { OutcomeSink } from './outcome-sink.js';

const SLOW = 30_000;

describe('the projection into Redis', () => {
  let bench: AuditBench;
  let redis: Awaited<ReturnType<AuditBench['redis']>>;

  beforeEach(async () => {
    bench = await AuditBench.open();
    redis = await bench.redis();
  });
  afterEach(() => bench.close());

  const keys = async () => (await redis.keys(`${bench.name}:*`)).map((key) => key.slice(bench.name.length + 1));
  const outcomes = async () => (await keys()).filter((key) => key.includes(':outcome:')).length;
  const wipe = async () => void (await redis.del(await keys()));

  it('holds the outcome of a call with the place of its result, and never the result', async () => {
    await bench.writeCalls(3);
    await bench.caughtUp(bench.start(new OutcomeSink(redis, 0)));
    const text = (await redis.get(outcomeKey('acme', 'call_1'))) ?? '';
    expect(decodeStoredOutcome(text)).toMatchObject({
      type: 'executed',
      call: { callId: 'call_1', tool: 'tool_1' },
      outcome: { decision: 'executed', reason: 'ok', spend: 2_500_000 },
      result: { stream: `${bench.name}-dispatch`, seq: 1, index: 2, callId: 'call_1' },
    });
    expect(text).not.toContain('raw');
    expect(await redis.ttl(outcomeKey('acme', 'call_1'))).toBeGreaterThan(3_500);
  });

  it('G5: wiped while nothing happens, it comes back by itself', async () => {
    await bench.writeCalls(10);
    await bench.caughtUp(bench.start(new OutcomeSink(redis, 0)));
    await wipe();
    await until(async () => (await outcomes()) === 10);
  });

  it('G5: wiped again and again under load, everything of the last hour comes back', async () => {
    const lane = bench.start(new OutcomeSink(redis, 0));
    for (let round = 0; round < 10; round += 1) {
      await bench.writeCalls(10);
      await wipe().catch(() => undefined);
    }
    await until(async () => (await outcomes()) === 100);
    expect(lane.state).not.toBe('stopped');
  });

  it(
    'goes on behind what another process has stored',
    async () => {
      await bench.writeCalls(5);
      await bench.dieAfter(new OutcomeSink(redis, 0), 1);
      await bench.writeCalls(5);
      const lanes = [bench.start(new OutcomeSink(redis, 0)), bench.start(new OutcomeSink(await bench.redis(), 0))];
      for (let round = 0; round < 5; round += 1) await bench.writeCalls(2);
      await until(async () => (await outcomes()) === 20);
      expect(lanes.map(({ state }) => state)).not.toContain('stopped');
    },
    SLOW,
  );

  it('keeps nothing that ended more than an hour ago', async () => {
    await bench.writeCalls(3);
    const inTwoHours = () => Date.now() + 2 * 3_600_000;
    await bench.caughtUp(bench.start(new OutcomeSink(redis, 0, inTwoHours)));
    expect(await outcomes()).toBe(0);
  });
});
