import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './mutants.js';
import { REGRESSIONS } from './regressions.js';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8');
const quotedNames = [...PAGE.matchAll(/"([a-z][^"\n]+)"/g)].map(([, name = '']) => name);

describe('docs/guarantees.md', () => {
  it('lists under each rule the mutants that there are, and no other', () => {
    const table = PAGE.slice(PAGE.indexOf('<!-- mutants -->'), PAGE.indexOf('<!-- /mutants -->'));
    const rows = [...table.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm)].map(
      ([, rule, names = '']) => [Number(rule), names.split(' · ').sort()] as const,
    );
    const wanted = Map.groupBy(MUTANTS, ({ rule }) => rule);
    const listed = [...wanted].map(([rule, mutants]) => [rule, mutants.map(({ name }) => name).sort()] as const);
    expect(new Map(rows)).toEqual(new Map(listed));
  });

  it('names no mutant beside them that is not there', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(quotedNames.filter((name) => name !== '…' && !names.includes(name))).toEqual([]);
  });

  it('has a line for every regression', () => {
    const lines = [...PAGE.matchAll(/^\| \d+ \| .* \| .*regression.* \|$/gm)];
    expect(lines.length).toBeGreaterThanOrEqual(REGRESSIONS.length);
  });

  it('names tests that are there', () => {
    const specs = new Set(
      ['chaos', 'record', 'contract'].flatMap((folder) => readdirSync(join(ROOT, 'tests/src', folder))),
    );
    const named = [...PAGE.matchAll(/On real processes: ([^.]+)\./g)].flatMap(([, list = '']) =>
      [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.split('/').at(-1) ?? ''),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => ![...specs].some((spec) => spec.startsWith(`${name}.`)))).toEqual([]);
    expect(existsSync(join(ROOT, 'tests/src/sim/ports'))).toBe(true);
  });
});
