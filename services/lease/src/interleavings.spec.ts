import fc from 'fast-check';
import { leaseStage } from './lease.stage.js';
import { DEADLINE, SECOND } from './spec/calls.js';
import { comeToRest, happen, steps, World } from './spec/interleaved.js';

describe('in any interleaving', () => {
  it('a key has one holder at a time, each call one end, and nobody waits for ever', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const step of all) happen(world, step);
        comeToRest(world);
        for (const one of world.holders.values()) world.endHolder(one, 'executed');
        expect(world.ended.size).toBe(world.calls.size);
        expect(world.stage.state.settling.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('those that wait end at their deadline at the latest, though their holder never does', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const step of all) happen(world, step);
        world.now += DEADLINE + SECOND;
        for (let rings = 0; leaseStage.wakeAt(world.stage.state) !== undefined; rings++) {
          expect(rings).toBeLessThan(100);
          world.take('timer');
        }
        expect(world.stage.state.waiting.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('the same events always fold to the same state', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const [one, other] = [new World(), new World()];
        for (const step of all) {
          happen(one, step);
          happen(other, step);
        }
        expect(other.stage.state).toEqual(one.stage.state);
      }),
      { numRuns: 50 },
    );
  });
});
