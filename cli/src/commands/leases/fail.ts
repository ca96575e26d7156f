import { command } from '../../command/command.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseFail = command({
  words: 'lease fail',
  summary: 'says that the work has failed: the key stays so for 7 days, or until `lease reset`',
  takes: ['<key>', '<lease id>', '<error code>'],
  options: {},
  examples: ['lease fail import-42 lease_3q2-7w file_missing'],
  async run({ args: [key, lease_id, error_code] }, { api }) {
    const answer = await api.post<Lease>('/v1/ai/fail', { key, lease_id, error_code });
    return { answer, text: leaseText(answer) };
  },
});
