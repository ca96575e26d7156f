import { command } from '../../command/command.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseCancel = command({
  words: 'lease cancel',
  summary: 'gives a key back undone: anybody may acquire it at once',
  takes: ['<key>', '<lease id>'],
  options: {},
  examples: ['lease cancel import-42 lease_3q2-7w'],
  async run({ args: [key, lease_id] }, { api }) {
    const answer = await api.post<Lease>('/v1/ai/cancel', { key, lease_id });
    return { answer, text: leaseText(answer) };
  },
});
