import { stripVTControlCharacters } from 'node:util';

export type Row = readonly string[];

const GAP = '  ';

/** Rows under each other; the last column is not filled up. */
export function columns(rows: readonly Row[], indent = ''): string {
  const widths = widthsOf(rows);
  return rows
    .map((row) => `${indent}${row.map((cell, at) => filled(cell, widths[at] ?? 0)).join(GAP)}`.trimEnd() + '\n')
    .join('');
}

/** A table with a head; `none` in place of one without rows. */
export const table = (head: Row, rows: readonly Row[], none: string): string =>
  rows.length === 0 ? `${none}\n` : columns([head, ...rows]);

const widthsOf = (rows: readonly Row[]): readonly number[] =>
  rows.reduce<number[]>((widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, widthOf(cell))), []);

const widthOf = (cell: string): number => Array.from(stripVTControlCharacters(cell)).length;

const filled = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - widthOf(cell)));
