import {
  journalsOf,
  leaseOf,
  OutcomeSink,
  PositionMovedError,
  TaskSink,
  type Positions,
  type RedisStore,
  type Sink,
  type Source,
} from '@tollgate/audit';

/** A Redis of the test's own, and somebody who wipes it; simulated or real. */
export interface RedisBench {
  readonly store: RedisStore & { get(key: string): Promise<string | null> };
  wipe(): Promise<void>;
  close(): Promise<void>;
}

interface Kind {
  readonly what: string;
  readonly sources: readonly Source[];
  open(store: RedisStore): Sink;
}
const KINDS: readonly Kind[] = [
  { what: 'outcomes', sources: journalsOf(0), open: (store) => new OutcomeSink(store, 0) },
  { what: 'tasks', sources: [leaseOf(0)], open: (store) => new TaskSink(store, 0) },
];
const slice = (expected: Positions, next: Positions) => ({ messages: [], expected, next });

/** How positions move in Redis: the same tests for the simulated scripts and for the real ones. */
export function describeOutcomeStore(redis: string, open: () => Promise<RedisBench>): void {
  describe.each(KINDS)(`positions of $what in Redis, ${redis}`, ({ sources, open: sinkOf }) => {
    const name = sources[0]?.name ?? '';
    const at = (seq: number, mark = `m${seq}`): Positions => ({ [name]: { seq, mark } });
    let bench: RedisBench;
    let sink: Sink;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.wipe();
      sink = sinkOf(bench.store);
    });

    it('are none at first, then what was stored', async () => {
      expect(await sink.load(sources)).toEqual({});
      await sink.write(slice({}, at(3)));
      await sink.write(slice(at(3), at(5)));
      expect(await sink.load(sources)).toEqual(at(5));
    });

    it('may be stored again by who did not hear that they are', async () => {
      await sink.write(slice({}, at(3)));
      await sink.write(slice({}, at(3)));
      expect(await sink.load(sources)).toEqual(at(3));
    });

    it.each([
      ['another sequence', at(2)],
      ['another message at the same place', at(3, 'other')],
      ['none', {}],
    ])('are left alone by who expects %s', async (_what, expected) => {
      await sink.write(slice({}, at(3)));
      await expect(sink.write(slice(expected, at(4)))).rejects.toBeInstanceOf(PositionMovedError);
      expect(await sink.load(sources)).toEqual(at(3));
    });

    it('are missed once they are wiped, also by who has nothing to store', async () => {
      await sink.write(slice({}, at(3)));
      await bench.wipe();
      await expect(sink.write(slice(at(3), at(3)))).rejects.toBeInstanceOf(PositionMovedError);
      expect(await sink.load(sources)).toEqual({});
    });
  });
}
