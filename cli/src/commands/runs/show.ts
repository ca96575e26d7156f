import { path, query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { whole } from '../../command/option.js';
import { timelineText, type Timeline } from './timeline-text.js';

export const runsShow = command({
  words: 'runs show',
  summary: 'how a run went: every call of it, step by step',
  takes: ['<run id>'],
  options: {
    limit: whole('<n>', 'how many events, 2000 at most (200)'),
    offset: whole('<n>', 'how many of the first to leave out (0)'),
  },
  about: 'The run of a call that named none is the id of the call.',
  examples: ['runs show checkout-1001', 'runs show call_3q2-7w --json'],
  async run({ args: [id = ''], options: { limit, offset } }, { api, terminal }) {
    const answer = await api.get<Timeline>(`${path`/v1/runs/${id}`}${query({ limit, offset })}`);
    return { answer, text: timelineText(answer, terminal.style) };
  },
});
