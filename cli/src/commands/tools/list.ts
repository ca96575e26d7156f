import { query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { text } from '../../command/option.js';
import { toolsText, type Tool } from './tools-text.js';

export const toolsList = command({
  words: 'tools list',
  summary: 'the registered tools',
  takes: [],
  options: { scope: text('<scope>', 'global or agent:<id> (all)') },
  examples: ['tools list', 'tools list --scope agent:billing --json'],
  async run({ options: { scope = 'all' } }, { api, terminal }) {
    const answer = await api.get<readonly Tool[]>(`/v1/tools${query({ scope_id: scope })}`);
    return { answer, text: toolsText(answer, terminal.style) };
  },
});
