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
  /** A hunt for whose mutant no run is kept. */
  const huntFrom = (firstSeed: number, runs: number, foundBy?: number): MutantHunt => {
    const hunt = new MutantHunt(MUTANT, firstSeed, runs, foundBy);
    hunt.heard(next(hunt).place, { ...clean(0), held: [] });
    return hunt;
  };

  it('begins with all kept runs that name it, and every one of them must break', () => {
    const hunt = new MutantHunt(MUTANT, 3, 1_000);
    const first = next(hunt);
    expect(first.job).toEqual({ stretch: 'its own', untilBroken: false });
    hunt.heard(first.place, { runs: 2, broken: [broken(1)], held: ['a clock went back'] });
    expect(hunt.verdict).toEqual({ is: 'held', runs: 2, kept: ['a clock went back'] });
    const other = new MutantHunt(MUTANT, 3, 1_000);
    other.heard(next(other).place, { runs: 1, broken: [broken(1)], held: [] });
    expect(other.verdict).toEqual({ is: 'found', runs: 1, by: broken(1) });
  });

  it('waits for them, also when another worker has broken something first', () => {
    const hunt = new MutantHunt(MUTANT, 3, 1_000);
    const [own, regressions] = [next(hunt), next(hunt)];
    hunt.heard(regressions.place, { runs: 9, broken: [broken(9)] });
    expect(hunt.verdict).toBeUndefined();
    hunt.heard(own.place, { runs: 1, broken: [], held: ['a clock went back'] });
    expect(hunt.verdict).toMatchObject({ is: 'held' });
  });

  it('does not mind which of the other kept runs break', () => {
    const hunt = huntFrom(3, 1_000);
    hunt.heard(next(hunt).place, { runs: 2, broken: [broken(1)], held: ['a clock went back'] });
    expect(hunt.verdict).toEqual({ is: 'found', runs: 2, by: broken(1) });
  });

  it('goes on with the regressions and the seeds', () => {
    const hunt = huntFrom(3, 1_000);
    expect(next(hunt).job).toEqual({ stretch: 'regressions', untilBroken: true });
    expect(next(hunt).job).toEqual({ stretch: { first: 3, runs: STRETCH_RUNS }, untilBroken: true });
  });

  it('plays before them the seed that found it last, when it is known', () => {
    const hunt = huntFrom(3, 1_000, 77);
    expect(next(hunt).job).toEqual({ stretch: { first: 77, runs: 1 }, untilBroken: true });
    expect(next(hunt).job).toEqual({ stretch: 'regressions', untilBroken: true });
  });

  it('ends with the first run that breaks something, and counts those up to it', () => {
    const hunt = huntFrom(1, 1_000);
    hunt.heard(next(hunt).place, clean(4));
    expect(hunt.verdict).toBeUndefined();
    hunt.heard(next(hunt).place, { runs: 7, broken: [broken(7)] });
    expect(hunt.verdict).toEqual({ is: 'found', runs: 11, by: broken(7) });
    expect(hunt.next()).toBeUndefined();
  });

  it('finds the same whoever is first of those who share it', () => {
    const hunt = huntFrom(1, 1_000);
    const [regressions, one, other] = [next(hunt), next(hunt), next(hunt)];
    hunt.heard(other.place, { runs: 2, broken: [broken(27)] });
    expect(hunt.verdict).toBeUndefined();
    expect(hunt.next()).toBeUndefined();
    hunt.heard(regressions.place, clean(4));
    hunt.heard(one.place, { runs: 9, broken: [broken(9)] });
    expect(hunt.verdict).toEqual({ is: 'found', runs: 13, by: broken(9) });
  });

  it('is in vain when every run held', () => {
    const hunt = huntFrom(1, STRETCH_RUNS);
    hunt.heard(next(hunt).place, clean(4));
    const last = next(hunt);
    expect(hunt.next()).toBeUndefined();
    expect(hunt.verdict).toBeUndefined();
    hunt.heard(last.place, clean(STRETCH_RUNS));
    expect(hunt.verdict).toEqual({ is: 'not found', runs: 4 + STRETCH_RUNS });
  });

  it('is in vain, too, when who played the last runs asks for more', () => {
    const hunt = huntFrom(1, 1);
    hunt.heard(next(hunt).place, clean(4));
    hunt.heard(next(hunt).place, clean(1));
    expect(hunt.next()).toBeUndefined();
    expect(hunt.verdict).toEqual({ is: 'not found', runs: 5 });
  });

  it('is no finding when a worker dies', () => {
    const hunt = huntFrom(1, 1_000);
    next(hunt);
    hunt.gone('a worker ended with 1');
    expect(hunt.verdict).toEqual({ is: 'not played', why: 'a worker ended with 1' });
  });
});
