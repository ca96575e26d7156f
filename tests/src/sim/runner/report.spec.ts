import {
  huntedMutants,
  huntingLine,
  mutantMissed,
  playedRuns,
  playingLine,
  runBroke,
  stretchLost,
  tableOf,
  type Hunted,
} from './report.js';

const tally = { wanted: 20_000, played: 5_000, broken: 0, lost: 0, began: 1_000 };
const found: Hunted = {
  rule: 10,
  mutant: 'the permit has no end',
  seconds: 4.26,
  verdict: { is: 'found', runs: 1_336, by: { seed: 1_332, broken: [{ guarantee: 'G4', what: 'call_1 was sent' }] } },
};
const missed: Hunted = { rule: 4, mutant: 'now goes back', seconds: 12, verdict: { is: 'not found', runs: 5_004 } };
const unplayed: Hunted = {
  rule: 4,
  mutant: 'it does not fit',
  seconds: 1,
  verdict: { is: 'not played', why: 'a worker ended with 1' },
};

const held: Hunted = { ...missed, verdict: { is: 'held', runs: 1, kept: ['a clock went back', 'a clock stood'] } };

describe('the report of runs', () => {
  it('says how far they are, how fast, and how long they will take', () => {
    expect(playingLine(tally, 26_000)).toBe('5,000 of 20,000 runs, 200 a second, 0 broke a guarantee, 75 s left');
  });

  it('ends with how many there were', () => {
    expect(playedRuns({ ...tally, played: 20_000 }, 101_000, false)).toBe(
      '20,000 runs in 100.0 s (200 a second), 0 broke a guarantee',
    );
  });

  it('counts what was not played', () => {
    expect(playedRuns({ ...tally, played: 19_975, lost: 25 }, 101_000, false)).toMatch(/, 25 were not played$/);
    expect(playedRuns(tally, 26_000, true)).toMatch(/^stopped: 5,000 runs in .* 15,000 were not played$/);
  });

  it('shows what broke, and how to play it again', () => {
    const broken = [
      { guarantee: 'G1', what: 'call_3 twice' },
      { guarantee: 'rule 8', what: 'call_3 ends' },
    ];
    expect(runBroke({ seed: 5, broken }, undefined).split('\n')).toEqual([
      'seed 5: G1: call_3 twice',
      'seed 5: rule 8: call_3 ends',
      '  again: npm run sim -- --seed 5 --trace',
    ]);
    expect(runBroke({ seed: 5, broken }, 'now goes back')).toContain('--seed 5 --mutant "now goes back" --trace');
    const kept = runBroke({ seed: 5, broken, regression: 'call_3 was sent twice' }, undefined);
    expect(kept).toContain('again: npm run sim -- --regression "call_3 was sent twice" --trace');
    expect(stretchLost({ first: 26, runs: 25 }, 'a worker ended with SIGKILL').split('\n')).toEqual([
      'seeds 26 to 50 were not played to their end: a worker ended with SIGKILL',
      '  again: npm run sim -- --seed 26 --runs 25',
    ]);
  });
});

describe('the report of mutants', () => {
  it('says which kept runs break nothing any more, and how to look at them', () => {
    expect(mutantMissed(held).split('\n')).toEqual([
      'rule 4: "now goes back": HELD: "a clock went back", "a clock stood" kept for it, breaking nothing',
      '  again: npm run sim -- --regression "a clock went back" --mutant "now goes back" --trace',
    ]);
  });

  it('is a table by rule', () => {
    expect(tableOf([found, missed, unplayed]).split('\n')).toEqual([
      'rule  mutant                  runs  seconds  broken',
      '   4  now goes back          5,004     12.0  NOT FOUND in 5,004 runs',
      '   4  it does not fit            -      1.0  NOT PLAYED: a worker ended with 1',
      '  10  the permit has no end  1,336      4.3  seed 1332: G4: call_1 was sent',
    ]);
  });

  it('says which run of the list found it', () => {
    const by = { seed: 12, regression: 'it went on', broken: [{ guarantee: 'G2', what: 'call_7 never ended' }] };
    expect(tableOf([{ ...found, verdict: { is: 'found', runs: 1, by } }])).toContain(
      'the kept run "it went on": G2: call_7 never ended',
    );
  });

  it('says how far the hunt is, and how it ended', () => {
    const hunting = [{ mutant: 'a waiter is forgotten', runs: 1_200 }];
    expect(huntingLine([found], 71, hunting)).toBe('1 of 71 mutants found, "a waiter is forgotten" for 1,200 runs');
    expect(huntingLine([found, missed], 71, [])).toBe('1 of 71 mutants found, 1 not');
    expect(huntedMutants([found, missed], 2, 16.26)).toBe('1 of 2 mutants found in 16.3 s');
    expect(huntedMutants([found], 3, 4)).toBe('1 of 3 mutants found in 4.0 s, 2 were not hunted to the end');
    expect(mutantMissed(missed).split('\n')).toEqual([
      'rule 4: "now goes back": NOT FOUND in 5,004 runs',
      '  again: npm run sim -- --mutants --mutant "now goes back"',
    ]);
  });
});
