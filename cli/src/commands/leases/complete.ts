import { command } from '../../command/command.js';
import { text } from '../../command/option.js';
import { readDocument } from '../../input/document.js';
import { leaseText, type Lease } from './lease-text.js';

export const leaseComplete = command({
  words: 'lease complete',
  summary: 'says that the work is done',
  takes: ['<key>', '<lease id>'],
  options: {
    result: text('<file>', 'what came of it, YAML or JSON'),
    'result-hash': text('<hash>', 'of a result that is kept elsewhere'),
  },
  examples: ['lease complete import-42 lease_3q2-7w --result result.json'],
  async run({ args: [key, lease_id], options }, { api, terminal }) {
    const result = options.result === undefined ? {} : { result: await readDocument(options.result, terminal) };
    const sent = { key, lease_id, result_hash: options['result-hash'], ...result };
    const answer = await api.post<Lease>('/v1/ai/complete', sent);
    return { answer, text: leaseText(answer) };
  },
});
