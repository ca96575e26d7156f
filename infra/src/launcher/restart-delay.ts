const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before the nth start in a row, counted from 1, of something that keeps ending. */
export function restartDelay(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
}
