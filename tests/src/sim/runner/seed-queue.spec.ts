import { SeedQueue, STRETCH_RUNS, type Stretch } from './seed-queue.js';

const all = (queue: SeedQueue): Stretch[] => {
  const stretches: Stretch[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) stretches.push(next);
  return stretches;
};

describe('the queue of seeds', () => {
  it('hands out every seed once, in order', () => {
    const runs = 2 * STRETCH_RUNS + 3;
    const seeds = all(new SeedQueue(7, runs)).flatMap(({ first, runs: some }) =>
      Array.from({ length: some }, (_, i) => first + i),
    );
    expect(seeds).toEqual(Array.from({ length: runs }, (_, i) => 7 + i));
  });

  it('in short stretches', () => {
    expect(all(new SeedQueue(1, STRETCH_RUNS + 1))).toEqual([
      { first: 1, runs: STRETCH_RUNS },
      { first: 1 + STRETCH_RUNS, runs: 1 },
    ]);
  });
});
