import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE_ROWS, tableRowsOfPage } from './contract-page.js';
import { ROWS } from './rows.js';

const FOLDER = import.meta.dirname;

/** The text of every file beside and below this one: the tests need servers, this does not. */
const TEXTS = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
);

const rowsOf = (text: string): string[] => [...text.matchAll(/^\s*row\('([^']+)'/gm)].map(([, id = '']) => id);

/** Jest runs it, or a spec that it runs has taken it in; what is taken in and not used, the compiler refuses. */
const isRun = (name: string): boolean =>
  name.endsWith('.e2e.spec.js') ||
  [...TEXTS].some(([spec, text]) => spec.endsWith('.e2e.spec.js') && text.includes(`from './${name}'`));

describe('the tests of the contract', () => {
  const declared = [...TEXTS.values()].flatMap(rowsOf);
  const known = Object.keys(ROWS);

  it('are there for every row', () => {
    expect(known.filter((id) => !declared.includes(id))).toEqual([]);
  });

  it('name rows that there are, each once', () => {
    expect(declared.filter((id) => !known.includes(id))).toEqual([]);
    expect(declared.filter((id, index) => declared.indexOf(id) !== index)).toEqual([]);
  });

  it('are run: a file of rows is a spec, or is taken in by one', () => {
    const withRows = [...TEXTS].filter(([, text]) => rowsOf(text).length > 0).map(([name]) => name);
    expect(withRows.filter((name) => !isRun(name))).toEqual([]);
  });

  it('are named for every row of the tables of docs/contract.md', () => {
    expect(tableRowsOfPage()).toEqual(Object.keys(TABLE_ROWS));
  });
});
