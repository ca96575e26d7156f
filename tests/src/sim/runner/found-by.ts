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

/** What a hunt adds, and takes out: kept runs are played anyway. */
export function foundBy(before: FoundBy, hunted: readonly Hunted[]): FoundBy {
  const added = hunted.flatMap(({ mutant, verdict }) =>
    verdict.is === 'found' && verdict.by.regression === undefined ? [[mutant, verdict.by.seed] as const] : [],
  );
  const byKept = new Set(hunted.flatMap(({ mutant, verdict }) => (isByKept(verdict) ? [mutant] : [])));
  const known = Object.entries(before).filter(([mutant]) => !byKept.has(mutant));
  const all = Object.fromEntries([...known, ...added]);
  return Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const isByKept = (verdict: Hunted['verdict']): boolean => verdict.is === 'found' && verdict.by.regression !== undefined;
