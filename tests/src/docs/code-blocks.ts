import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DOCS = join(import.meta.dirname, '../../../docs');

/** A fenced block of a page: its language, and the file name that stands behind it. */
export interface CodeBlock {
  readonly language: string;
  readonly name: string;
  readonly text: string;
}

export const pageText = (page: string): string => readFileSync(join(DOCS, page), 'utf8');

export function codeBlocks(page: string): readonly CodeBlock[] {
  const fences = pageText(page).matchAll(/^```(\S*) ?(\S*)\n(.*?)^```$/gms);
  return [...fences].map(([, language = '', name = '', text = '']) => ({ language, name, text }));
}

/** Throws where the page has no block of that name. */
export function codeBlock(page: string, name: string): string {
  const block = codeBlocks(page).find((one) => one.name === name);
  if (block === undefined) throw new RangeError(`${page} has no block ${name}`);
  return block.text;
}

/** Rows of the table whose header begins with this cell: their cells, as they are written. */
export function tableOf(page: string, firstCell: string): readonly (readonly string[])[] {
  const lines = pageText(page).split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${firstCell} |`));
  if (head < 0) throw new RangeError(`${page} has no table ${firstCell}`);
  const rows = lines.slice(
    head + 2,
    lines.findIndex((line, at) => at > head && !line.startsWith('|')),
  );
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
