import { query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { plain } from '../../text/plain.js';
import { table } from '../../text/table.js';

/** A row of `GET /metrics`. */
export interface DayMetrics {
  readonly day: string;
  readonly checks_total: number;
  readonly locks_created: number;
  readonly duplicates_blocked: number;
  readonly rate_limited: number;
  readonly ai_acquired: number;
  readonly ai_completed: number;
  readonly ai_failed: number;
}

export const metrics = command({
  words: 'metrics',
  summary: 'locks, leases and requests that came too fast, day by day',
  takes: ['<from day>', '<to day>'],
  options: {},
  about: 'Days are UTC, 366 of them at most, and both are in it. `agents metrics` has the calls.',
  examples: ['metrics 2026-11-01 2026-11-30'],
  async run({ args: [from_day, to_day] }, { api }) {
    const answer = await api.get<readonly DayMetrics[]>(`/v1/metrics${query({ from_day, to_day })}`);
    return { answer, text: daysText(answer) };
  },
});

export const daysText = (days: readonly DayMetrics[]): string =>
  table(
    ['day', 'checks', 'locked', 'duplicates', 'too fast', 'leased', 'completed', 'failed'],
    days.map(({ day, ...counts }) => [
      plain(day),
      ...[counts.checks_total, counts.locks_created, counts.duplicates_blocked, counts.rate_limited].map(String),
      ...[counts.ai_acquired, counts.ai_completed, counts.ai_failed].map(String),
    ]),
    'no days',
  );
