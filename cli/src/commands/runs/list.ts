import { query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { whole } from '../../command/option.js';
import { plainOr } from '../../text/plain.js';
import { table } from '../../text/table.js';
import { secondsTime } from '../../text/time.js';

export interface RunList {
  readonly total: number;
  readonly items: readonly {
    readonly run_id: string;
    readonly last_ts: number;
    readonly last_type: string;
    readonly last_status: string | null;
    readonly events_count: number;
  }[];
}

export const runsList = command({
  words: 'runs list',
  summary: 'runs, the one that something happened to last first',
  takes: ['[beginning of the id]'],
  options: {
    limit: whole('<n>', 'how many, 500 at most (50)'),
    offset: whole('<n>', 'how many to leave out (0)'),
  },
  examples: ['runs list', 'runs list checkout- --limit 500'],
  async run({ args: [q], options: { limit, offset } }, { api }) {
    const answer = await api.get<RunList>(`/v1/runs${query({ q, limit, offset })}`);
    return { answer, text: runsText(answer) };
  },
});

export function runsText({ total, items }: RunList): string {
  const rows = items.map(({ run_id, last_ts, last_type, last_status, events_count }) => [
    plainOr('—', run_id),
    secondsTime(last_ts),
    [last_type, last_status]
      .map((word) => plainOr('', word))
      .join(' ')
      .trim(),
    String(events_count),
  ]);
  const shown = table(['run', 'last', 'what', 'events'], rows, 'no runs');
  return items.length < total ? `${shown}${items.length} of ${total}: --limit and --offset show others\n` : shown;
}
