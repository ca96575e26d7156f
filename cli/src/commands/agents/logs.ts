import { path, query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { whole } from '../../command/option.js';
import { logsText, type LogRow } from './logs-text.js';

export const agentsLogs = command({
  words: 'agents logs',
  summary: 'what an agent did, and what it was not let do, the newest first',
  takes: ['<agent>'],
  options: { limit: whole('<n>', 'how many, 500 at most (100)') },
  examples: ['agents logs billing', 'agents logs billing --limit 500 --json'],
  async run({ args: [agent = ''], options: { limit } }, { api, terminal }) {
    const answer = await api.get<readonly LogRow[]>(`${path`/v1/agents/${agent}/logs`}${query({ limit })}`);
    return { answer, text: logsText(answer, terminal.style) };
  },
});
