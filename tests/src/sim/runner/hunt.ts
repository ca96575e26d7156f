import type { Mutant } from '../mutants.js';
import type { Crew } from './crew.js';
import { readFoundBy, writeFoundBy } from './found-by.js';
import { MutantHunt } from './mutant-hunt.js';
import type { Options } from './options.js';
import type { Counts, Output } from './play.js';
import { Progress } from './progress.js';
import { huntedMutants, huntingLine, isFound, mutantMissed, tableOf, type Hunted } from './report.js';
import { WorkerGone } from './worker.js';

/** Leaves one rule out after the other. Each process plays one mutant only: nothing of another can be left in it. */
export async function huntMutants(
  mutants: readonly Mutant[],
  { seed, runs, workers, quick, remember }: Options,
  crew: Crew,
  output: Output,
): Promise<Counts> {
  const known = quick ? readFoundBy() : {};
  const waiting = mutants.map((mutant) => new MutantHunt(mutant, seed, runs, known[mutant.name]));
  const hunting = new Map<MutantHunt, number>();
  const hunted: Hunted[] = [];
  const began = performance.now();
  const progress = new Progress(output.screen, () =>
    huntingLine(hunted, mutants.length, [...hunting.keys()].map(shown)),
  );
  const pick = (): MutantHunt | undefined => waiting.shift() ?? leastCrowded(hunting.keys());
  const work = async (): Promise<void> => {
    for (let hunt = pick(); hunt !== undefined && !crew.stopped; hunt = pick()) {
      const since = hunting.get(hunt) ?? performance.now();
      hunting.set(hunt, since);
      await takePart(hunt, crew);
      const { verdict, mutant } = hunt;
      if (verdict === undefined || !hunting.delete(hunt)) continue;
      const one = { rule: mutant.rule, mutant: mutant.name, verdict, seconds: (performance.now() - since) / 1_000 };
      hunted.push(one);
      if (!isFound(one)) progress.say(() => output.print(mutantMissed(one)));
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  progress.end();
  output.print(tableOf(hunted));
  output.print(huntedMutants(hunted, mutants.length, (performance.now() - began) / 1_000));
  if (remember) writeFoundBy(hunted);
  const found = hunted.filter(isFound).length;
  return { passed: found, failed: mutants.length - found };
}

/** One more worker for one that is being hunted, when none is left to begin with. */
function leastCrowded(hunting: Iterable<MutantHunt>): MutantHunt | undefined {
  const open = [...hunting].filter((hunt) => hunt.isOpen);
  return open.sort((a, b) => a.workers - b.workers)[0];
}

async function takePart(hunt: MutantHunt, crew: Crew): Promise<void> {
  const worker = crew.hire(hunt.mutant.name);
  hunt.workers += 1;
  try {
    for (let next = hunt.next(); next !== undefined; next = hunt.next()) {
      hunt.heard(next.place, await worker.play(next.job));
    }
  } catch (error) {
    if (!(error instanceof WorkerGone)) throw error;
    if (!crew.stopped) hunt.gone(error.message);
  } finally {
    hunt.workers -= 1;
    crew.dismiss(worker);
  }
}

const shown = ({ mutant, runs }: MutantHunt): { mutant: string; runs: number } => ({ mutant: mutant.name, runs });
