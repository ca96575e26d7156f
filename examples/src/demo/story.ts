/** A line of the table: what was counted, on both sides. */
export interface Figure {
  readonly what: string;
  readonly direct: string;
  readonly governed: string;
}

export interface Claim {
  readonly text: string;
  readonly holds: boolean;
  /** What was seen, for one that does not hold. */
  readonly seen: string;
}

/** A failure as it was played: once directly, once through Tollgate. */
export interface Story {
  readonly title: string;
  readonly plot: string;
  readonly figures: readonly Figure[];
  readonly claims: readonly Claim[];
  /** Of the side through Tollgate. */
  readonly runId: string;
  /** How often its tools were called, by their own count. */
  readonly toolCalls: number;
}

export function claim(text: string, expected: string | number, seen: string | number | undefined): Claim {
  return { text, holds: seen === expected, seen: `${shown(seen)} instead of ${shown(expected)}` };
}

export const count = (value: number): string => value.toLocaleString('en-US');

export const usd = (value: number): string => value.toLocaleString('en-US', { style: 'currency', currency: 'USD' });

const shown = (value: string | number | undefined): string =>
  typeof value === 'number' ? count(value) : (value ?? 'nothing');
