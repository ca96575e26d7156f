import { path, query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { oneOf } from '../../command/option.js';
import { metricsText, type AgentMetrics } from './metrics-text.js';

export const agentsMetrics = command({
  words: 'agents metrics',
  summary: 'what became of the calls of an agent in the last hour, day or week',
  takes: ['<agent>'],
  options: { period: oneOf(['hour', 'day', 'week'], 'until now (day)') },
  examples: ['agents metrics billing --period week'],
  async run({ args: [agent = ''], options: { period } }, { api }) {
    const answer = await api.get<AgentMetrics>(`${path`/v1/agents/${agent}/metrics`}${query({ period })}`);
    return { answer, text: metricsText(answer) };
  },
});
