/** Control characters, and those that turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text of others, on one line: agents and tools do not get to move the cursor of whoever looks at them. */
export function plain(value: unknown): string {
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return (words ?? '').replace(UNSEEN, '\u{fffd}');
}

/** The same, where there may be none. */
export const plainOr = (missing: string, value: unknown): string =>
  value === null || value === undefined || value === '' ? missing : plain(value);
