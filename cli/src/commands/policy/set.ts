import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { flag } from '../../command/option.js';
import { readDocument } from '../../input/document.js';
import { policyText, type StoredPolicy } from './policy-text.js';

export const policySet = command({
  words: 'policy set',
  summary: "makes a file the agent's policy, in force when this is done",
  takes: ['<agent>', '<file>'],
  options: {
    merge: flag('change only the members that the file has; null or an empty list clears one'),
  },
  about: [
    'The file is YAML or JSON, - is standard input. It is the whole policy: what it leaves out is not limited any',
    'more, unless you say --merge. It prints the policy as it is stored.',
  ].join('\n'),
  examples: ['policy set billing billing.yaml', 'policy set billing - --merge < changes.yaml'],
  async run({ args: [agent = '', file = ''], options }, { api, terminal }) {
    const sent = await readDocument(file, terminal);
    const to = path`/v1/policies/${agent}`;
    const answer = await (options.merge ? api.post<StoredPolicy>(to, sent) : api.put<StoredPolicy>(to, sent));
    return { answer, text: policyText(answer) };
  },
});
