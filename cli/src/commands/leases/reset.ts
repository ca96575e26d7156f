import { command } from '../../command/command.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseReset = command({
  words: 'lease reset',
  summary: 'frees a key that has failed',
  takes: ['<key>'],
  options: {},
  examples: ['lease reset import-42'],
  async run({ args: [key] }, { api }) {
    const answer = await api.post<Lease>('/v1/ai/reset', { key });
    return { answer, text: leaseText(answer) };
  },
});
