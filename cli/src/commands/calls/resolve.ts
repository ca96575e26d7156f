import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { text } from '../../command/option.js';
import { readDocument } from '../../input/document.js';
import { UsageError } from '../../usage-error.js';
import { callText, type Call } from './call-text.js';

export const callsResolve = command({
  words: 'calls resolve',
  summary: 'says what became of a call in doubt',
  takes: ['<call id>', '<executed|failed>'],
  options: {
    note: text('<text>', 'how you know it; needed, and kept in the timeline'),
    result: text('<file>', 'what repeats of the call are answered, YAML or JSON; only with executed'),
  },
  about: 'Look at the tool first: `failed` frees key and money, and the next call acts again.',
  examples: [
    'calls list --in-doubt',
    'calls resolve call_3q2-7w executed --note "charge ch_91 is in the dashboard"',
    'calls resolve call_3q2-7w failed --note "no such charge, asked support"',
  ],
  async run({ args: [id = '', outcome = ''], options }, { api, terminal }) {
    if (options.note === undefined) throw new UsageError('calls resolve needs --note: how do you know?');
    const result = options.result === undefined ? {} : { result: await readDocument(options.result, terminal) };
    const answer = await api.post<Call>(path`/v1/calls/${id}/resolve`, { outcome, note: options.note, ...result });
    return { answer, text: callText(answer, terminal.style) };
  },
});
