import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { text } from '../../command/option.js';
import { isoTime } from '../../text/time.js';

interface Switched {
  readonly agent_id: string;
  readonly disabled_at: string | null;
}

export const agentsDisable = command({
  words: 'agents disable',
  summary: 'the kill switch: when this is done, nothing of the agent leaves any more',
  takes: ['<agent>'],
  options: { reason: text('<text>', 'why, for whoever looks later') },
  examples: ['agents disable billing --reason "spends too fast"'],
  async run({ args: [agent = ''], options }, { api }) {
    const answer = await api.post<Switched>(path`/v1/agents/${agent}/disable`, { reason: options.reason });
    return { answer, text: `disabled ${agent}, as of ${isoTime(answer.disabled_at)}\n` };
  },
});

export const agentsEnable = command({
  words: 'agents enable',
  summary: 'lets a disabled agent act again',
  takes: ['<agent>'],
  options: {},
  examples: ['agents enable billing'],
  async run({ args: [agent = ''] }, { api }) {
    const answer = await api.post<Switched>(path`/v1/agents/${agent}/enable`, {});
    return { answer, text: `enabled ${agent}\n` };
  },
});
