import { command } from '../../command/command.js';
import { keysText, type Key } from './keys-text.js';

export const keysList = command({
  words: 'keys list',
  summary: 'the API keys that are good',
  takes: [],
  options: {},
  examples: ['keys list', 'keys list --json'],
  async run(_given, { api }) {
    const answer = await api.get<readonly Key[]>('/v1/keys');
    return { answer, text: keysText(answer) };
  },
});
