import { query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { leaseText, type Lease } from './lease-text.js';

const look = (what: 'status' | 'result', summary: string) =>
  command({
    words: `lease ${what}`,
    summary,
    takes: ['<key>'],
    options: {},
    examples: [`lease ${what} import-42`],
    async run({ args: [key] }, { api }) {
      const answer = await api.get<Lease>(`/v1/ai/${what}${query({ key })}`);
      return { answer, text: leaseText(answer) };
    },
  });

export const leaseStatus = look('status', 'how a key stands');
export const leaseResult = look('result', 'what came of a key');
