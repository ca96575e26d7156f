import type { AdminAnswer } from './commands.js';

/** An answer for people, a line for each member. */
export function readable(answer: AdminAnswer): string {
  const rows = Array.isArray(answer) ? (answer as readonly object[]) : [answer];
  return rows.length === 0 ? 'none\n' : `${rows.map((row) => lines(row, '')).join('\n')}`;
}

function lines(row: object, indent: string): string {
  return Object.entries(row)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? `${indent}${name}:\n${lines(value, `${indent}  `)}`
        : `${indent}${name}: ${String(value)}\n`,
    )
    .join('');
}
