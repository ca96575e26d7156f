import { path, query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { SCOPE } from './scope.js';

export const toolsDelete = command({
  words: 'tools delete',
  summary: 'takes a tool out of the registry, with its secret',
  takes: ['<tool>'],
  options: SCOPE,
  examples: ['tools delete charge', 'tools delete charge --scope agent:billing'],
  async run({ args: [name = ''], options: { scope } }, { api }) {
    const answer = await api.delete(`${path`/v1/tools/${name}`}${query({ scope_id: scope })}`);
    return { answer, text: `deleted ${name}\n` };
  },
});
