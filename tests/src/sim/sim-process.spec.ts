import { SimProcess } from './sim-process.js';
import { World } from './world.js';

const DAY_MS = 24 * 3_600_000;

function paused(forMs: number) {
  const world = new World(1, false);
  const process = new SimProcess(world, 'audit-1', { offsetMs: 0, rate: 1 });
  process.pause(forMs);
  return { world, process };
}

describe('a process that was paused', () => {
  it('meets in their order what came meanwhile and what comes later, also when days pass before it goes on', async () => {
    const { world, process } = paused(20);
    const seen: number[] = [];
    for (const ms of [40, 10, 30, 15]) process.after(ms, () => seen.push(ms));
    await world.play(18);
    world.skip(DAY_MS);
    await world.play(1);
    expect(seen).toEqual([10, 15, 30, 40]);
  });

  it('meets nothing that was taken back meanwhile, or by what it meets first', async () => {
    const { world, process } = paused(20);
    const seen: number[] = [];
    const cancels = [10, 15, 17].map((ms) => process.after(ms, () => seen.push(ms)));
    process.after(5, () => cancels[2]?.());
    await world.play(18);
    cancels[0]?.();
    await world.play(5);
    expect(seen).toEqual([15]);
  });

  it('meets the rest later when it is paused again in between', async () => {
    const { world, process } = paused(20);
    const seen: number[] = [];
    process.after(10, () => {
      seen.push(1);
      process.pause(20);
    });
    process.after(15, () => seen.push(2));
    await world.play(25);
    expect(seen).toEqual([1]);
    process.after(1, () => seen.push(3));
    await world.play(40);
    expect(seen).toEqual([1, 2, 3]);
  });
});
