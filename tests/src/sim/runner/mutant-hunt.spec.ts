import { MutantHunt, type Numbered } from './mutant-hunt.js';
import { STRETCH_RUNS } from './seed-queue.js';
import type { BrokenRun, Played } from './worker-protocol.js';

const MUTANT = { name: 'now goes back', rule: 4, patches: [] };
const broken = (seed: number): BrokenRun => ({ seed, broken: [{ guarantee: 'G1', what: 'done twice' }] });
const clean = (runs: number): Played => ({ runs, broken: [] });
const next = (hunt: MutantHunt): Numbered => {
  const job = hunt.next();
  if (job === undefined) throw new Error('nothing is left to be played');
  return job;
};

describe('the hunt for a mutant', () => {
  it('begins with the regressions and goes on with the seeds', () => {
    const hunt = new MutantHunt(MUTANT, 3, 1_000);
    expect(next(hunt).job).toEqual({ stretch: 'regressions', untilBroken: true });
    expect(next(hunt).job).toEqual({ stretch: { first: 3, runs: STRETCH_RUNS }, untilBroken: true });
  });

  it('begins with the seed that found it last, when it is known', () => {
    const hunt = new MutantHunt(MUTANT, 3, 1_000, 77);
    expect(next(hunt).job).toEqual({ stretch: { first: 77, runs: 1 }, untilBroken: true });
    expect(next(hunt).job).toEqual({ stretch: 'regressions', untilBroken: true });
  });

  it('ends with the first run that breaks something, and counts those up to it', () => {
    const hunt = new MutantHunt(MUTANT, 1, 1_000);
    hunt.heard(next(hunt).place, clean(4));
    expect(hunt.verdict).toBeUndefined();
    hunt.heard(next(hunt).place, { runs: 7, broken: [broken(7)] });
    expect(hunt.verdict).toEqual({ is: 'found', runs: 11, by: broken(7) });
    expect(hunt.next()).toBeUndefined();
  });

  it('finds the same whoever is first of those who share it', () => {
    const hunt = new MutantHunt(MUTANT, 1, 1_000);
    const [regressions, one, other] = [next(hunt), next(hunt), next(hunt)];
    hunt.heard(other.place, { runs: 2, broken: [broken(27)] });
    expect(hunt.verdict).toBeUndefined();
    expect(hunt.next()).toBeUndefined();
    hunt.heard(regressions.place, clean(4));
    hunt.heard(one.place, { runs: 9, broken: [broken(9)] });
    expect(hunt.verdict).toEqual({ is: 'found', runs: 13, by: broken(9) });
  });

  it('is in vain when every run held', () => {
    const hunt = new MutantHunt(MUTANT, 1, STRETCH_RUNS);
    hunt.heard(next(hunt).place, clean(4));
    const last = next(hunt);
    expect(hunt.next()).toBeUndefined();
    expect(hunt.verdict).toBeUndefined();
    hunt.heard(last.place, clean(STRETCH_RUNS));
    expect(hunt.verdict).toEqual({ is: 'not found', runs: 4 + STRETCH_RUNS });
  });

  it('is in vain, too, when who played the last runs asks for more', () => {
    const hunt = new MutantHunt(MUTANT, 1, 1);
    hunt.heard(next(hunt).place, clean(4));
    hunt.heard(next(hunt).place, clean(1));
    expect(hunt.next()).toBeUndefined();
    expect(hunt.verdict).toEqual({ is: 'not found', runs: 5 });
  });

  it('is no finding when a worker dies', () => {
    const hunt = new MutantHunt(MUTANT, 1, 1_000);
    next(hunt);
    hunt.gone('a worker ended with 1');
    expect(hunt.verdict).toEqual({ is: 'not played', why: 'a worker ended with 1' });
  });
});
