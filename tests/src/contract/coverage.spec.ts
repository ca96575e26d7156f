import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE_ROWS, tableRowsOfPage } from './contract-page.js';
import { ROWS } from './rows.js';

const FOLDER = import.meta.dirname;

/** The rows that the tests beside and below this file declare, read from their text: they need servers, this does not. */
function declaredRows(): string[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const texts = files.map((name) => readFileSync(join(FOLDER, name), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/^\s*row\('([^']+)'/gm)].map(([, id = '']) => id));
}

describe('the tests of the contract', () => {
  const declared = declaredRows();
  const known = Object.keys(ROWS);

  it('are there for every row', () => {
    expect(known.filter((id) => !declared.includes(id))).toEqual([]);
  });

  it('name rows that there are, each once', () => {
    expect(declared.filter((id) => !known.includes(id))).toEqual([]);
    expect(declared.filter((id, index) => declared.indexOf(id) !== index)).toEqual([]);
  });

  it('are named for every row of the tables of docs/contract.md', () => {
    expect(tableRowsOfPage()).toEqual(Object.keys(TABLE_ROWS));
  });
});
