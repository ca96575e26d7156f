import { plain } from './plain.js';
import { columns } from './table.js';

/** Members of an answer, one a line; those that are null or absent are left out. */
export const members = (answer: Readonly<Record<string, unknown>>, indent = ''): string =>
  columns(
    Object.entries(answer)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, plain(value)]),
    indent,
  );
