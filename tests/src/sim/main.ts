import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { fork } from 'node:child_process';
import { mutate } from './mutate.js';
import { MUTANTS } from './mutants.js';
import type { Run } from './play-runs.js';

const HELP = `npm run sim -- [options]: the protocol under simulated faults

  --runs N       how many runs (default 1000; with --mutants: at most so many for each, default 5000)
  --seed S       the first seed (default 1); run i has seed S + i
  --trace        print what happened in the first run, and play no other
  --shrink       leave out what the first run can break a guarantee without; print what is left, and its trace
  --mutants      leave one rule out after the other: each must be found
  --mutant NAME  this one only; without --mutants: play with this rule left out
  --workers N    processes at once (default: one for each core)
  --help

The same seed gives the same run. Exit code 1 when a run breaks a guarantee, or when a mutant is not found.
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    /** A worker of a larger run: tells its parent, prints nothing. */
    worker: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', short: 'h' },
  },
});

const seed = Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const describe = ({ seed: of, broken }: Run): string =>
  broken.map(({ guarantee, what }) => `seed ${of}: ${guarantee}: ${what}`).join('\n');

async function player() {
  leaveOutRule();
  return await import('./play-runs.js');
}

async function shrinkOne(): Promise<void> {
  leaveOutRule();
  const { shrink } = await import('./shrink.js');
  const { setting, run } = await shrink(seed);
  say(run.trace.join('\n'));
  say(describe(run));
  say(JSON.stringify(setting));
}

function leaveOutRule(): void {
  if (values.mutant !== undefined) {
    const mutant = MUTANTS.find(({ name }) => name === values.mutant);
    if (mutant === undefined) throw new Error(`there is no mutant "${values.mutant}"`);
    mutate(mutant);
  }
}

async function traceOne(): Promise<void> {
  const { playRun } = await player();
  const run = await playRun(seed, true);
  say(run.trace.join('\n'));
  say(run.broken.length === 0 ? `seed ${seed}: every guarantee held` : describe(run));
  process.exitCode = run.broken.length === 0 ? 0 : 1;
}

interface Report {
  readonly played: number;
  readonly failed: readonly string[];
}

async function work(runs: number): Promise<void> {
  // Where an error was made matters to people, who play single runs.
  Error.stackTraceLimit = 0;
  const { playRun, playRuns } = await player();
  let done = 0;
  if (values.mutant !== undefined) {
    const { REGRESSIONS } = await import('./regressions.js');
    for (const { seed: of, setting } of REGRESSIONS) {
      const run = await playRun(of, false, setting);
      if (run.broken.length > 0) {
        process.send?.({ played: 0, failed: [`regression, ${describe(run)}`] } satisfies Report);
        process.disconnect();
        return;
      }
    }
  }
  await playRuns(seed, runs, (run) => {
    done += 1;
    const failed = run.broken.length === 0 ? [] : [describe(run)];
    if (failed.length > 0 || done % 100 === 0 || done === runs)
      process.send?.({ played: done, failed } satisfies Report);
    return failed.length > 0 && values.mutant !== undefined;
  });
  process.disconnect();
}

/** Plays a stretch of seeds in a process of its own. */
function stretch(
  first: number,
  runs: number,
  mutant: string | undefined,
  each: (report: Report) => void,
): Promise<number> {
  const args = ['--worker', '--seed', String(first), '--runs', String(runs)];
  const child = fork(import.meta.filename, mutant === undefined ? args : [...args, '--mutant', mutant], {
    stdio: 'inherit',
  });
  let played = 0;
  child.on('message', (report: Report) => {
    played = report.played;
    each(report);
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve(played);
      else reject(new Error(`a worker ended with ${code}`));
    });
  });
}

async function playAll(runs: number): Promise<void> {
  const workers = Math.min(Number(values.workers), Math.max(1, Math.floor(runs / 100)));
  const each = Math.ceil(runs / workers);
  const began = Date.now();
  const played = new Array<number>(workers).fill(0);
  const failed: string[] = [];
  let said = 0;
  const hear = (worker: number, report: Report): void => {
    played[worker] = report.played;
    failed.push(...report.failed);
    for (const line of report.failed) say(line);
    const total = played.reduce((sum, one) => sum + one, 0);
    if (total - said >= 5_000)
      process.stderr.write(`${(said = total)} of ${runs} runs, ${failed.length} broke a guarantee\n`);
  };
  const stretches = played.map((_, i) => {
    const first = seed + i * each;
    return stretch(first, Math.max(0, Math.min(each, runs - i * each)), values.mutant, (report) => hear(i, report));
  });
  const total = (await Promise.all(stretches)).reduce((sum, one) => sum + one, 0);
  const seconds = (Date.now() - began) / 1000;
  say(
    `${total} runs in ${seconds.toFixed(1)} s (${(total / seconds).toFixed(0)} a second), ${failed.length} broke a guarantee`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
}

async function huntMutants(runs: number): Promise<void> {
  let survivors = 0;
  const hunted = MUTANTS.filter(({ name }) => values.mutant === undefined || name === values.mutant);
  const queue = [...hunted];
  const hunt = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      let found: string | undefined;
      const played = await stretch(
        seed,
        runs,
        mutant.name,
        ({ failed }) => (found ??= failed[0]?.split('\n')[0]),
      ).catch((error: unknown) => {
        found = `it does not even run (${(error as Error).message})`;
        return 0;
      });
      if (found === undefined) survivors += 1;
      say(
        `rule ${String(mutant.rule).padStart(2)}  ${mutant.name.padEnd(54)} ${found === undefined ? `NOT FOUND in ${played}` : `found after ${played}: ${found}`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, hunt));
  say(`${hunted.length - survivors} of ${hunted.length} mutants found`);
  process.exitCode = survivors > 0 || hunted.length === 0 ? 1 : 0;
}

if (values.help === true) say(HELP);
else if (values.worker) await work(Number(values.runs));
else if (values.mutants) await huntMutants(Number(values.runs ?? 5_000));
else if (values.shrink) await shrinkOne();
else if (values.trace) await traceOne();
else await playAll(Number(values.runs ?? 1_000));
