import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './mutants.js';
import { REGRESSIONS } from './regressions.js';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const PAGE = read('docs/guarantees.md');
const names = MUTANTS.map(({ name }) => name);
const between = (mark: string): string =>
  PAGE.slice(PAGE.indexOf(`<!-- ${mark} -->`), PAGE.indexOf(`<!-- /${mark} -->`));

/** The rows of a table that begin with a rule's number. */
const rowsOf = (table: string): readonly string[][] =>
  [...table.matchAll(/^\| \d+ \|.*$/gm)].map(([row]) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

describe('docs/guarantees.md', () => {
  it('lists under each rule the mutants that there are, and no other', () => {
    const rows = rowsOf(between('mutants')).map(
      ([rule, , all = '']) => [Number(rule), all.split(' · ').sort()] as const,
    );
    const wanted = Map.groupBy(MUTANTS, ({ rule }) => rule);
    const listed = [...wanted].map(([rule, mutants]) => [rule, mutants.map(({ name }) => name).sort()] as const);
    expect(new Map(rows)).toEqual(new Map(listed));
  });

  it('names no mutant beside them that is not there', () => {
    const quoted = [...PAGE.matchAll(/"([a-z][^"\n]+)"/g)].map(([, name = '']) => name);
    expect(quoted.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('lists every kept run under its rule, with the mutant that it is kept for, and no other', () => {
    const kept = rowsOf(between('found')).filter(([, , how = '']) => how.startsWith('kept run'));
    const listed = kept.map(([rule, what, how = '']) => [Number(rule), what, /"([^"]+)"/.exec(how)?.[1]]);
    const wanted = REGRESSIONS.map(({ rule, what, mutant }) => [rule, what, mutant]);
    expect(listed.sort()).toEqual(wanted.sort());
  });

  it('promises in the same words as the README', () => {
    const promised = [...PAGE.matchAll(/^## (G\d): .*\n\n((?:> .*\n)+)/gm)].map(
      ([, name = '', quote = '']) => [name, sentence(quote.replaceAll(/^> /gm, ''))] as const,
    );
    const shown = [...read('README.md').matchAll(/^\| (G\d) \| ([^|]+) \|/gm)].map(
      ([, name = '', words = '']) => [name, sentence(words)] as const,
    );
    expect(promised).toHaveLength(8);
    expect(shown).toEqual(promised);
  });

  it('names tests that are there', () => {
    const folders = ['chaos', 'record', 'contract'].map((folder) => join('tests/src', folder));
    const specs = folders.flatMap((folder) => readdirSync(join(ROOT, folder)));
    const lists = [...PAGE.matchAll(/On\s+real\s+processes:\s+([^.]+)\./g)].map(([, list = '']) => list);
    expect(lists).toHaveLength(8);
    const named = lists.flatMap((list) => [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !specs.some((spec) => spec.startsWith(`${name.split('/').at(-1) ?? ''}.`)))).toEqual(
      [],
    );
    const files = [...PAGE.matchAll(/`((?:services|libs|tests)\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe('the kept runs', () => {
  it('name mutants that are there, of their rule', () => {
    const known = new Set(MUTANTS.map(({ rule, name }) => `${rule}: ${name}`));
    const named = REGRESSIONS.flatMap(({ rule, mutant }) => (mutant === undefined ? [] : [`${rule}: ${mutant}`]));
    expect(named.filter((one) => !known.has(one))).toEqual([]);
  });

  it('all name one, but for three that say why not', () => {
    const without = REGRESSIONS.filter(({ mutant }) => mutant === undefined).map(({ what }) => what);
    expect(without).toEqual([
      expect.stringContaining('audit stopped'),
      expect.stringContaining('a new owner of budget looked'),
      expect.stringContaining('from half a journal'),
    ]);
  });
});

/** Without line ends, and as in the middle of a sentence. */
function sentence(words: string): string {
  const text = words.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
