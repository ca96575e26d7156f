/** A server that names no keep-alive closes idle connections after two seconds at the earliest, as far as is known. */
const WITHOUT_HINT_MS = 1_500;
const LONGEST_MS = 30_000;
const SMALLEST_MARGIN_MS = 1_000;

/**
 * How long a connection may have been silent when the next request is written to it, in ms, from the `Keep-Alive`
 * header of the last answer. Well inside what the server says: a request that crosses an idle close is an unknown.
 */
export function silenceLimit(keepAlive: string | undefined): number {
  const seconds = /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,9})/i.exec(keepAlive ?? '')?.[1];
  if (seconds === undefined) return WITHOUT_HINT_MS;
  const promisedMs = Number(seconds) * 1_000;
  const margin = Math.max(SMALLEST_MARGIN_MS, promisedMs / 4);
  return Math.min(LONGEST_MS, Math.max(0, promisedMs - margin));
}
