import { command } from '../../command/command.js';
import { members } from '../../text/members.js';

export const me = command({
  words: 'me',
  summary: 'the tenant of the key: its plan, and what it has asked for in all',
  takes: [],
  options: {},
  examples: ['me', 'me --json'],
  async run(_given, { api }) {
    const answer = await api.get<Readonly<Record<string, unknown>>>('/v1/me');
    return { answer, text: members(answer) };
  },
});
