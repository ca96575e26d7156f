import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { amount, text } from '../../command/option.js';
import { CALL_ARGS, callArgs } from '../../input/call-args.js';
import { readDocument } from '../../input/document.js';
import { exitOfCall } from '../calls/call-exit.js';
import { callText, type Call } from '../calls/call-text.js';

export const policyTest = command({
  words: 'policy test',
  summary: 'what a policy, stored or not yet, says to a call; nothing is done',
  takes: ['<agent>', '<tool>'],
  options: {
    policy: text('<file>', 'as if this were stored, YAML or JSON'),
    ...CALL_ARGS,
    'spend-usd': amount('<usd>', 'what the call would cost'),
  },
  examples: ['policy test billing charge --spend-usd 12', 'policy test billing charge --policy tomorrow.yaml --json'],
  async run({ args: [agent = '', tool = ''], options }, { api, terminal }) {
    const policy = options.policy === undefined ? {} : { policy: await readDocument(options.policy, terminal) };
    const args = await callArgs(options, terminal);
    const call = { tool, args, spend_usd: options['spend-usd'], ...policy };
    const answer = await api.post<Call>(path`/v1/policies/${agent}/test`, call);
    return { answer, text: callText(answer, terminal.style), exit: exitOfCall(answer) };
  },
});
