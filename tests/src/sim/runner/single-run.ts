import { DECODE_ONCE } from '../decode-once.js';
import type { Mutant } from '../mutants.js';
import { keptRun } from './kept-run.js';
import { mutate } from '../mutate.js';
import { UsageError } from './options.js';
import { runBroke } from './report.js';

/**
 * Plays one run in this process, of a seed or one that was kept, and prints what happened in it. Answers whether every
 * guarantee held.
 */
export async function traceRun(
  traced: { readonly seed: number; readonly regression: string | undefined },
  mutant: Mutant | undefined,
  print: (line: string) => void,
): Promise<boolean> {
  mutate(DECODE_ONCE);
  if (mutant !== undefined) mutate(mutant);
  // After the patches.
  const { playRun } = await import('../play-runs.js');
  const { REGRESSIONS } = await import('../regressions.js');
  const kept = traced.regression === undefined ? undefined : keptRun(traced.regression, REGRESSIONS);
  const seed = kept?.seed ?? traced.seed;
  const { trace, broken } = await playRun(seed, true, kept?.setting);
  print(trace.join('\n'));
  const held = broken.length === 0;
  const run = { seed, broken, ...(kept === undefined ? {} : { regression: kept.what }) };
  if (kept !== undefined) print(`kept for rule ${kept.rule}: ${kept.what}`);
  print(held ? `seed ${seed}: every guarantee held` : runBroke(run, mutant?.name));
  return held;
}

/** Prints the least that still breaks what the seed breaks. */
export async function shrinkRun(
  seed: number,
  mutant: Mutant | undefined,
  print: (line: string) => void,
): Promise<void> {
  mutate(DECODE_ONCE);
  if (mutant !== undefined) mutate(mutant);
  const { playRun } = await import('../play-runs.js');
  const { shrink } = await import('../shrink.js');
  if ((await playRun(seed, false)).broken.length === 0) throw new UsageError(`seed ${seed} breaks nothing`);
  const { setting, run } = await shrink(seed);
  print(run.trace.join('\n'));
  print(run.broken.map(({ guarantee, what }) => `seed ${seed}: ${guarantee}: ${what}`).join('\n'));
  print(JSON.stringify(setting));
}
