import { command } from '../../command/command.js';
import { whole } from '../../command/option.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseExtend = command({
  words: 'lease extend',
  summary: 'more time for its holder',
  takes: ['<key>', '<lease id>'],
  options: { ttl: whole('<sec>', "from now on (the lease's own)") },
  examples: ['lease extend import-42 lease_3q2-7w'],
  async run({ args: [key, lease_id], options: { ttl } }, { api }) {
    const answer = await api.post<Lease>('/v1/ai/extend', { key, lease_id, ttl });
    return { answer, text: leaseText(answer) };
  },
});
