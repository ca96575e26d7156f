import type { Crew } from './crew.js';
import type { Options } from './options.js';
import { Progress, type Screen } from './progress.js';
import { playedRuns, playingLine, runBroke, stretchLost, type Tally } from './report.js';
import { SeedQueue, STRETCH_RUNS } from './seed-queue.js';
import { WorkerGone } from './worker.js';

/** Where results go, and where progress does. */
export interface Output {
  readonly screen: Screen;
  print(line: string): void;
}

/** What the end of it means to `npm test`. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Plays so many runs with all workers; one that dies costs the runs it was playing, and is a failure. */
export async function playAll(options: Options, crew: Crew, output: Output): Promise<Counts> {
  const { seed, runs, mutant } = options;
  const queue = new SeedQueue(seed, runs);
  const tally = { wanted: runs, played: 0, broken: 0, lost: 0, began: performance.now() };
  const progress = new Progress(output.screen, () => playingLine(tally, performance.now()));
  const say = (text: string): void => progress.say(() => output.print(text));
  const work = async (): Promise<void> => {
    const worker = crew.hire(mutant);
    for (let next = queue.next(); next !== undefined && !crew.stopped; next = queue.next()) {
      const stretch = next;
      const played = await worker.play({ stretch, untilBroken: false }).catch(orGone);
      if (crew.stopped) return;
      if (played instanceof WorkerGone) {
        tally.lost += stretch.runs;
        say(stretchLost(stretch, played.message));
        return;
      }
      tally.played += played.runs;
      tally.broken += played.broken.length;
      for (const run of played.broken) say(runBroke(run, mutant));
    }
    crew.dismiss(worker);
  };
  const workers = Math.min(options.workers, Math.ceil(runs / STRETCH_RUNS));
  await Promise.all(Array.from({ length: workers }, work));
  progress.end();
  output.print(playedRuns(tally, performance.now(), crew.stopped));
  return isWhole(tally) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const isWhole = ({ wanted, played, broken }: Tally): boolean => played === wanted && broken === 0;

function orGone(error: unknown): WorkerGone {
  if (error instanceof WorkerGone) return error;
  throw error;
}
