/* A worker of npm run sim: plays what its parent asks for, with the rule left out whose mutant its argument names. */
import module from 'node:module';
import { join } from 'node:path';
import { DECODE_ONCE } from '../decode-once.js';
import { MUTANTS } from '../mutants.js';
import { mutate } from '../mutate.js';
import type { Setting } from '../simulation.js';
import type { BrokenRun, Job, Played, Reply } from './worker-protocol.js';

/** Loading takes longer than most mutants live: what V8 made of the code is kept. The key is the code, patched or not. */
module.enableCompileCache(join(import.meta.dirname, '../../../../node_modules/.cache/tollgate-sim'));
// Where an error was made matters to people, who play single runs.
Error.stackTraceLimit = 0;

const [name] = process.argv.slice(2);
const mutant = MUTANTS.find((one) => one.name === name);
mutate(DECODE_ONCE);
if (mutant !== undefined) mutate(mutant);
// After the patches.
const { playRun } = await import('../play-runs.js');
const { REGRESSIONS } = await import('../regressions.js');

/** A seed, or a run that was kept. */
interface Wanted {
  readonly seed: number;
  readonly setting?: Setting;
  readonly what?: string;
}

async function play({ stretch, untilBroken }: Job): Promise<Played> {
  const broken: BrokenRun[] = [];
  const held: string[] = [];
  let runs = 0;
  for (const { seed, setting, what } of wantedBy(stretch)) {
    const run = await playRun(seed, false, setting).catch((cause: unknown) => {
      throw new Error(`seed ${seed}: ${String(cause)}`, { cause });
    });
    runs += 1;
    if (run.broken.length > 0) {
      broken.push({ seed, broken: run.broken, ...(what === undefined ? {} : { regression: what }) });
      if (untilBroken) break;
    } else if (what !== undefined) held.push(what);
    // What this process was told gets its turn: perhaps that its parent is gone.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { runs, broken, held };
}

function wantedBy(stretch: Job['stretch']): readonly Wanted[] {
  if (stretch === 'regressions') return REGRESSIONS;
  if (stretch === 'its own') return REGRESSIONS.filter((kept) => kept.mutant === name);
  return Array.from({ length: stretch.runs }, (_, i) => ({ seed: stretch.first + i }));
}

const reply = (message: Reply): void => void process.send?.(message);

process.on('message', (job: Job) => {
  play(job).then(
    (played) => reply({ played }),
    (error: unknown) => reply({ failed: (error as Error).message }),
  );
});
process.once('disconnect', () => process.exit());
