/** The whole of a call's retries takes no longer, so a later time says nothing more. */
const LATEST_MS = 600_000;

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds to wait by a `Retry-After` header, seconds or an HTTP date, 10 minutes at most; undefined for anything else. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) return Math.min(LATEST_MS, Math.ceil(Number(text) * 1_000));
  const date = HTTP_DATE.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.min(LATEST_MS, Math.max(0, date - nowMs));
}
