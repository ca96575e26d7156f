import type { Clock } from '@tollgate/journal';
import { Keeper, type Carrying, type KeeperOptions } from './keeper.js';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 12);

describe('what an owner needs', () => {
  it('is reckoned from the beginning of its look at its inputs, however long the look took', async () => {
    let now = NOON;
    const due: (() => void)[] = [];
    const clock = { now: () => now, after: (_ms: number, work: () => void) => (due.push(work), () => undefined) };
    const look = Promise.withResolvers<void>();
    const keeper = new Keeper({
      definition: { keeping: { carry: (_state: object, before: number) => [before] } },
      journal: { state: {} },
      clock: clock as unknown as Clock,
      times: { carryAfterMs: 7 * DAY_MS, everyMs: 600_000, snapshotEvery: 10_000 },
      look: () => look.promise,
    } as unknown as KeeperOptions<object>);
    const carried: Carrying[] = [];
    keeper.start((carrying) => carried.push(carrying));
    due.shift()?.();
    now += 9 * DAY_MS;
    look.resolve();
    await look.promise;
    expect(carried.map(({ before }) => before)).toEqual([NOON - 7 * DAY_MS]);
    expect(carried[0]?.carried.next().value).toBe(NOON - 7 * DAY_MS);
  });
});
