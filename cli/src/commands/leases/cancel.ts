import { command } from '../../command/command.js';
import { text } from '../../command/option.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseCancel = command({
  words: 'lease cancel',
  summary: 'gives a key back undone: anybody may acquire it at once',
  takes: ['<key>', '<lease id>'],
  options: { reason: text('<text>', 'why') },
  examples: ['lease cancel import-42 lease_3q2-7w --reason "wrong file"'],
  async run({ args: [key, lease_id], options: { reason } }, { api }) {
    const answer = await api.post<Lease>('/v1/ai/cancel', { key, lease_id, reason });
    return { answer, text: leaseText(answer) };
  },
});
