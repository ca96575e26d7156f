import { command } from '../../command/command.js';
import { text, texts } from '../../command/option.js';
import { savedTo } from './key-file.js';
import { createdKeyText, type CreatedKey } from './keys-text.js';

export const keysCreate = command({
  words: 'keys create',
  summary: 'a new API key, shown this once',
  takes: ['<admin|agent>'],
  options: {
    agent: texts('<id>', 'an agent that the key speaks for; again for another; * for all of them'),
    name: text('<text>', 'what to call the key'),
    'expires-at': text('<time>', 'when it ends, 2027-01-31T00:00:00Z'),
    save: text('<file>', 'put the key into this new file, readable by you only, and do not show it'),
  },
  about:
    'An agent key may call tools as the agents it names, and read what they did. Everything else needs an admin key.',
  examples: [
    'keys create agent --agent billing --save billing.key',
    'keys create agent --agent support --agent refunds --expires-at 2027-01-31T00:00:00Z',
    'keys create admin --name "the second admin" --json',
  ],
  async run({ args: [role = ''], options: { agent, name, save, 'expires-at': expires_at } }, { api }) {
    const agents = agent.length === 0 ? {} : { agents: agent };
    const make = () => api.create<CreatedKey>('/v1/keys', { role, name, expires_at, ...agents });
    const answer = await (save === undefined ? make() : savedTo(save, make));
    return { answer, text: createdKeyText(answer, save) };
  },
});
