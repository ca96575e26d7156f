import type { Exchange } from './transport.js';

/** Timers may fire a little before their time. */
const EARLY_MS = 5;
const WHOLE_SECONDS = /^([1-9]|[12]\d|30)$/;

/** Refusals that say when to come back, each of them repeated then and not sooner (contract 0); of one request after the other. */
export function refusalsRepeatedAsTold(exchanges: readonly Exchange[], status: number): readonly Exchange[] {
  const refusals = exchanges.filter(({ answer }) => answer?.status === status);
  for (const refusal of refusals) {
    const { retryAfter } = refusal.answer!;
    expect(retryAfter).toMatch(WHOLE_SECONDS);
    const repeat = exchanges[exchanges.indexOf(refusal) + 1]!;
    expect([repeat.method, repeat.path]).toEqual([refusal.method, refusal.path]);
    expect(repeat.began - refusal.ended).toBeGreaterThanOrEqual(Number(retryAfter) * 1_000 - EARLY_MS);
  }
  return refusals;
}

/** A status that says when to ask again is not asked for sooner; of any number of keys at once. */
export function expectPolledAsTold(exchanges: readonly Exchange[]): void {
  const polls = exchanges.filter(({ path, answer }) => path.startsWith('/ai/status') && answer?.status === 200);
  for (const [i, { path, answer, ended }] of polls.entries()) {
    const next = polls.slice(i + 1).find((one) => one.path === path);
    const told = answer?.body.retry_after_sec;
    if (next === undefined || told === null) continue;
    expect(Number.isInteger(told)).toBe(true);
    expect(next.began - ended).toBeGreaterThanOrEqual(told * 1_000 - EARLY_MS);
  }
}
