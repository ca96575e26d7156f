import { query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { flag, text, whole } from '../../command/option.js';
import { UsageError } from '../../usage-error.js';
import { callsText, type ListedCall } from './list-text.js';

export const callsList = command({
  words: 'calls list',
  summary: 'calls, the newest first; those in doubt with --in-doubt',
  takes: [],
  options: {
    'in-doubt': flag('only those whose outcome nobody knows'),
    running: flag('only those that still run'),
    agent: text('<id>', 'only those of one agent'),
    limit: whole('<n>', 'how many, 500 at most (50)'),
    offset: whole('<n>', 'how many of the newest to leave out (0)'),
  },
  examples: ['calls list --in-doubt', 'calls list --agent billing --limit 500 --json'],
  async run({ options: { 'in-doubt': inDoubt, running, agent: agent_id, limit, offset } }, { api, terminal }) {
    if (inDoubt && running) throw new UsageError('either --in-doubt or --running');
    const status = inDoubt ? 'in_doubt' : running ? 'in_progress' : undefined;
    const answer = await api.get<readonly ListedCall[]>(`/v1/calls${query({ status, agent_id, limit, offset })}`);
    return { answer, text: callsText(answer, terminal.style) };
  },
});
