import { command } from '../../command/command.js';
import { text, whole } from '../../command/option.js';
import { EXIT } from '../../exit-code.js';
import { readDocument } from '../../input/document.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseAcquire = command({
  words: 'lease acquire',
  summary: 'a key to work on: 0 when it is yours, 6 when another has it or it is finished',
  takes: ['<key>'],
  options: {
    ttl: whole('<sec>', 'how long it is yours without `lease extend` (as the plan says)'),
    metadata: text('<file>', 'an object of your own, YAML or JSON'),
  },
  examples: ['lease acquire import-42 --ttl 300', 'lease acquire import-42 --json'],
  async run({ args: [key = ''], options: { ttl, metadata } }, { api, terminal }) {
    const more = metadata === undefined ? {} : { metadata: await readDocument(metadata, terminal) };
    const answer = await api.create<Lease>('/v1/ai/lease', { key, ttl, ...more });
    return { answer, text: leaseText(answer), exit: answer.status === 'acquired' ? EXIT.done : EXIT.taken };
  },
});
