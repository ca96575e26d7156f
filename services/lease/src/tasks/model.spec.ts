import fc from 'fast-check';
import { taskStep } from '../spec/task-steps.js';
import { TaskWorld } from '../spec/task-world.js';

const STEPS = 100_000;

describe('leases and jobs in any interleaving (contract sections 2, 3.2 and 7)', () => {
  it('answer what the model answers; no two hold one version, what is finished never runs again, actions begin once', () => {
    let steps = 0;
    const property = fc.property(fc.array(taskStep, { maxLength: 400 }), (some) => {
      const world = new TaskWorld();
      for (const step of some) world.happen(step);
      world.comeToRest();
      steps += some.length;
    });
    while (steps < STEPS) fc.assert(property);
  });
});
