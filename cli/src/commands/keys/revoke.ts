import { path } from '../../api/path.js';
import { command } from '../../command/command.js';

export const keysRevoke = command({
  words: 'keys revoke',
  summary: 'ends an API key, for good',
  takes: ['<key id>'],
  options: {},
  about:
    'When this is answered no server takes the key any more. It is named by its id (`keys list`), not by the key itself.',
  examples: ['keys revoke key_3q2-7w'],
  async run({ args: [id = ''] }, { api }) {
    const answer = await api.delete(path`/v1/keys/${id}`);
    return { answer, text: `revoked ${id}\n` };
  },
});
