import { ROWS, type RowId } from './rows.js';

const LIMIT_MS = 30_000;

/** Declares the test of one row of the contract; its text is the test's name. */
export function row(id: RowId, test: () => Promise<void>, limitMs = LIMIT_MS): void {
  it(`${id}: ${ROWS[id]}`, test, limitMs);
}
