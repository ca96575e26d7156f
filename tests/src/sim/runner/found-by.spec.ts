import { MUTANTS } from '../mutants.js';
import { foundBy, readFoundBy } from './found-by.js';
import type { Hunted } from './report.js';

const hunted = (mutant: string, verdict: Hunted['verdict']): Hunted => ({ rule: 4, mutant, verdict, seconds: 1 });
const found = (mutant: string, seed: number, regression?: string): Hunted =>
  hunted(mutant, {
    is: 'found',
    runs: 9,
    by: { seed, broken: [], ...(regression === undefined ? {} : { regression }) },
  });

describe('the seeds that found the mutants', () => {
  it('are those of the last hunt, and of earlier ones', () => {
    const before = { 'now goes back': 7, 'the permit has no end': 8 };
    expect(foundBy(before, [found('now goes back', 12), hunted('other', { is: 'not found', runs: 5 })])).toEqual({
      'now goes back': 12,
      'the permit has no end': 8,
    });
  });

  it('are not those of regressions, which are played first anyway', () => {
    const before = { 'now goes back': 7 };
    expect(foundBy(before, [found('now goes back', 12, 'a clock went back')])).toEqual({});
  });

  it('that are kept belong to mutants that are there', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(Object.keys(readFoundBy()).filter((name) => !names.includes(name))).toEqual([]);
  });
});
