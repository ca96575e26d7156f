import { path, query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { SCOPE } from './scope.js';
import { toolText, type Tool } from './tools-text.js';

export const toolsGet = command({
  words: 'tools get',
  summary: 'everything about one tool, but its secret',
  takes: ['<tool>'],
  options: SCOPE,
  examples: ['tools get charge', 'tools get charge --scope agent:billing'],
  async run({ args: [name = ''], options: { scope } }, { api }) {
    const answer = await api.get<Tool>(`${path`/v1/tools/${name}`}${query({ scope_id: scope })}`);
    return { answer, text: toolText(answer) };
  },
});
