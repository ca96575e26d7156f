/** What is known quickly (a block, a repeat, a fast tool) is answered as it is, though the client asked not to wait. */
const DEFAULT_PATIENCE_MS = 1_000;

/**
 * How long a client that sent `Prefer: respond-async` (RFC 7240) is kept waiting before it gets 202, in milliseconds:
 * its own `wait=<seconds>`, or a second. Undefined for a client that waits for the end.
 */
export function asyncPatienceMs(header: string | undefined): number | undefined {
  const preferences = (header ?? '').split(',').map((one) => one.split(';')[0]?.trim().toLowerCase() ?? '');
  if (!preferences.includes('respond-async')) return undefined;
  const wait = preferences.map((one) => /^wait="?(\d{1,5})"?$/.exec(one)?.[1]).find((seconds) => seconds !== undefined);
  return wait === undefined ? DEFAULT_PATIENCE_MS : Number(wait) * 1_000;
}
