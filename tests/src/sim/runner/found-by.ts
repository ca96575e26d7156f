import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hunted } from './report.js';

const FILE = join(import.meta.dirname, '../../../src/sim/found-by.json');

/** By mutant: the seed that found it last. A run of another simulation, or of other code, may not find it any more. */
export type FoundBy = Readonly<Record<string, number>>;

export const readFoundBy = (): FoundBy => JSON.parse(readFileSync(FILE, 'utf8')) as FoundBy;

export function writeFoundBy(hunted: readonly Hunted[]): void {
  const text = JSON.stringify(foundBy(readFoundBy(), hunted), undefined, 2);
  writeFileSync(FILE, `${text}\n`);
}

/** What a hunt adds: regressions are played anyway. */
export function foundBy(before: FoundBy, hunted: readonly Hunted[]): FoundBy {
  const added = hunted.flatMap(({ mutant, verdict }) =>
    verdict.is === 'found' && verdict.by.regression === undefined ? [[mutant, verdict.by.seed] as const] : [],
  );
  const all = { ...before, ...Object.fromEntries(added) };
  return Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
}
