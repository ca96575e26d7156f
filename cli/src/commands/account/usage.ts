import { query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { oneOf } from '../../command/option.js';
import { plain } from '../../text/plain.js';
import { table } from '../../text/table.js';

interface Used {
  readonly usage: number;
  readonly limit: number;
  readonly requests_total_month: number;
  readonly blocked_total_month: number;
}

interface Month {
  readonly plan: string;
  readonly month: string;
}

type AllUsage = Month & { readonly make: Used; readonly ai: Used };

export const usage = command({
  words: 'usage',
  summary: 'the plan, and what of it is used this month',
  takes: [],
  options: { kind: oneOf(['make', 'ai'], 'one of the two: duplicates blocked by `lock`, or keys and calls') },
  examples: ['usage', 'usage --kind ai --json'],
  async run({ options: { kind } }, { api }) {
    if (kind === undefined) {
      const answer = await api.get<AllUsage>('/v1/usage/all');
      return { answer, text: usageText(answer, { make: answer.make, ai: answer.ai }) };
    }
    const answer = await api.get<Month & Used>(`/v1/usage${query({ kind })}`);
    return { answer, text: usageText(answer, { [kind]: answer }) };
  },
});

export function usageText({ plan, month }: Month, kinds: Readonly<Record<string, Used>>): string {
  const rows = Object.entries(kinds).map(([kind, used]) => [
    kind,
    String(used.usage),
    used.limit === 0 ? 'unlimited' : String(used.limit),
    String(used.requests_total_month),
    String(used.blocked_total_month),
  ]);
  return `plan ${plain(plan)}, ${plain(month)}\n${table(['kind', 'used', 'of', 'requests', 'refused'], rows, '')}`;
}
