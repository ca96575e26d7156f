import { journalsOf, OutcomeSink, PositionMovedError, type RedisStore, type Positions } from '@tollgate/audit';

/** A Redis of the test's own, and somebody who wipes it; simulated or real. */
export interface RedisBench {
  readonly store: RedisStore;
  wipe(): Promise<void>;
  close(): Promise<void>;
}

const SOURCES = journalsOf(0);
const at = (seq: number): Positions => ({ 'POLICY-0': { seq, mark: `m${seq}` } });
const slice = (expected: Positions, next: Positions) => ({ messages: [], expected, next });

/** How positions move in Redis: the same tests for the simulated script and for the real one. */
export function describeOutcomeStore(redis: string, open: () => Promise<RedisBench>): void {
  describe(`positions in Redis, ${redis}`, () => {
    let bench: RedisBench;
    let sink: OutcomeSink;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.wipe();
      sink = new OutcomeSink(bench.store, 0);
    });

    it('are none at first, then what was stored', async () => {
      expect(await sink.load(SOURCES)).toEqual({});
      await sink.write(slice({}, at(3)));
      await sink.write(slice(at(3), at(5)));
      expect(await sink.load(SOURCES)).toEqual(at(5));
    });

    it('may be stored again by who did not hear that they are', async () => {
      await sink.write(slice({}, at(3)));
      await sink.write(slice({}, at(3)));
      expect(await sink.load(SOURCES)).toEqual(at(3));
    });

    it.each([
      ['another sequence', at(2)],
      ['another message at the same place', { 'POLICY-0': { seq: 3, mark: 'other' } }],
      ['none', {}],
    ])('are left alone by who expects %s', async (_what, expected) => {
      await sink.write(slice({}, at(3)));
      await expect(sink.write(slice(expected, at(4)))).rejects.toBeInstanceOf(PositionMovedError);
      expect(await sink.load(SOURCES)).toEqual(at(3));
    });

    it('are missed once they are wiped, also by who has nothing to store', async () => {
      await sink.write(slice({}, at(3)));
      await bench.wipe();
      await expect(sink.write(slice(at(3), at(3)))).rejects.toBeInstanceOf(PositionMovedError);
      expect(await sink.load(SOURCES)).toEqual({});
    });
  });
}
