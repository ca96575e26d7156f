import type { Verdict } from './mutant-hunt.js';
import type { Stretch } from './seed-queue.js';
import type { BrokenRun } from './worker-protocol.js';

/** How far the playing is. Times in ms of one clock. */
export interface Tally {
  readonly wanted: number;
  readonly played: number;
  /** Runs that broke a guarantee. */
  readonly broken: number;
  /** Runs that a worker took with it. */
  readonly lost: number;
  readonly began: number;
}

export interface Hunted {
  readonly rule: number;
  readonly mutant: string;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const COMMAND = 'npm run sim --';
const count = (number: number): string => number.toLocaleString('en-US');
const quoted = (name: string): string => `"${name}"`;
const withMutant = (mutant: string | undefined): string => (mutant === undefined ? '' : ` --mutant ${quoted(mutant)}`);

const secondsOf = ({ began }: Tally, now: number): number => Math.max(now - began, 1) / 1_000;
const aSecond = (tally: Tally, now: number): number => Math.round(tally.played / secondsOf(tally, now));

/** Each guarantee that a run broke, and the command that plays it again. */
export function runBroke(run: BrokenRun, mutant: string | undefined): string {
  const which = run.regression === undefined ? `--seed ${run.seed}` : `--regression ${quoted(run.regression)}`;
  const again = `  again: ${COMMAND} ${which}${withMutant(mutant)} --trace`;
  return [...run.broken.map(({ guarantee, what }) => `seed ${run.seed}: ${guarantee}: ${what}`), again].join('\n');
}

export const stretchLost = ({ first, runs }: Stretch, why: string): string =>
  `seeds ${first} to ${first + runs - 1} were not played to their end: ${why}\n  again: ${COMMAND} --seed ${first} --runs ${runs}`;

export function playingLine(tally: Tally, now: number): string {
  const rate = aSecond(tally, now);
  const left = rate === 0 ? '' : `, ${Math.ceil((tally.wanted - tally.played) / rate)} s left`;
  return `${count(tally.played)} of ${count(tally.wanted)} runs, ${rate} a second, ${tally.broken} broke a guarantee${left}`;
}

export function playedRuns(tally: Tally, now: number, interrupted: boolean): string {
  const { wanted, played, broken, lost } = tally;
  const rate = `${secondsOf(tally, now).toFixed(1)} s (${aSecond(tally, now)} a second)`;
  const missing = lost > 0 || played < wanted ? `, ${count(wanted - played)} were not played` : '';
  const stopped = interrupted ? 'stopped: ' : '';
  return `${stopped}${count(played)} runs in ${rate}, ${broken} broke a guarantee${missing}`;
}

export const huntingLine = (
  hunted: readonly Hunted[],
  mutants: number,
  hunting: readonly { readonly mutant: string; readonly runs: number }[],
): string =>
  [
    `${hunted.filter(isFound).length} of ${mutants} mutants found`,
    ...(hunted.every(isFound) ? [] : [`${hunted.filter((one) => !isFound(one)).length} not`]),
    ...hunting.map(({ mutant, runs }) => `${quoted(mutant)} for ${count(runs)} runs`),
  ].join(', ');

/** One line for each, by rule: after how many runs it was found, in how many seconds, and what was broken. */
export function tableOf(hunted: readonly Hunted[]): string {
  const rows = [...hunted]
    .sort((a, b) => a.rule - b.rule)
    .map(({ rule, mutant, verdict, seconds }) => [
      String(rule),
      mutant,
      verdict.is === 'not played' ? '-' : count(verdict.runs),
      seconds.toFixed(1),
      whatOf(verdict),
    ]);
  const table = [['rule', 'mutant', 'runs', 'seconds', 'broken'], ...rows];
  const width = (column: number): number => Math.max(...table.map((row) => row[column]!.length));
  const [rule, mutant, runs, seconds] = [0, 1, 2, 3].map(width) as [number, number, number, number];
  return table
    .map(([a = '', b = '', c = '', d = '', e = '']) =>
      [a.padStart(rule), b.padEnd(mutant), c.padStart(runs), d.padStart(seconds), e].join('  '),
    )
    .join('\n');
}

export function huntedMutants(hunted: readonly Hunted[], mutants: number, seconds: number): string {
  const found = hunted.filter(isFound).length;
  const missing = hunted.length < mutants ? `, ${mutants - hunted.length} were not hunted to the end` : '';
  return `${found} of ${mutants} mutants found in ${seconds.toFixed(1)} s${missing}`;
}

/** What a mutant that nobody noticed says, and the command that hunts it again. */
export function mutantMissed({ mutant, verdict, rule }: Hunted): string {
  const kept = verdict.is === 'held' ? verdict.kept[0] : undefined;
  const again =
    kept === undefined
      ? `${COMMAND} --mutants${withMutant(mutant)}`
      : `${COMMAND} --regression ${quoted(kept)}${withMutant(mutant)} --trace`;
  return `rule ${rule}: ${quoted(mutant)}: ${whatOf(verdict)}\n  again: ${again}`;
}

export const isFound = ({ verdict }: Hunted): boolean => verdict.is === 'found';

function whatOf(verdict: Verdict): string {
  switch (verdict.is) {
    case 'found': {
      const { seed, regression, broken } = verdict.by;
      const where = regression === undefined ? `seed ${seed}` : `the kept run ${quoted(regression)}`;
      const [first] = broken;
      return `${where}: ${first?.guarantee}: ${first?.what}`;
    }
    case 'not found':
      return `NOT FOUND in ${count(verdict.runs)} runs`;
    case 'held':
      return `HELD: ${verdict.kept.map(quoted).join(', ')} kept for it, breaking nothing`;
    case 'not played':
      return `NOT PLAYED: ${verdict.why}`;
  }
}
