import { command } from '../../command/command.js';
import { amount, flag, text } from '../../command/option.js';
import { EXIT } from '../../exit-code.js';
import { CALL_ARGS, callArgs } from '../../input/call-args.js';
import { exitOfCall } from '../calls/call-exit.js';
import { callText } from '../calls/call-text.js';
import { governedCall } from './governed-call.js';

export const run = command({
  words: 'run',
  summary: 'one governed call of a tool, as an agent',
  takes: ['<agent>', '<tool>'],
  options: {
    ...CALL_ARGS,
    'spend-usd': amount('<usd>', 'what the call costs, where no pricing rule says more'),
    'run-id': text('<id>', 'the timeline that it belongs to (its own)'),
    'dry-run': flag('only say what would be decided'),
    'idempotency-key': text('<key>', 'what makes a repeat a repeat, instead of the arguments'),
    async: flag('do not wait for its end: after a second it is told that it runs, with 0, and `calls show` knows more'),
  },
  about: [
    'Exit codes: 0 it ran, or it is the repeat of one that did; 4 blocked; 1 the tool failed; 5 nobody knows whether it',
    'acted; 3 it still runs (`calls show`), or the server is away.',
  ].join('\n'),
  examples: [
    'run billing charge --arg customer=cus_42 --arg amount_usd=12 --spend-usd 12',
    'run billing charge --args charge.yaml --idempotency-key order-1001',
    'run billing charge --args - --dry-run < charge.json',
  ],
  async run({ args: [agent_id = '', tool = ''], options }, { api, terminal }) {
    const call = {
      agent_id,
      tool,
      args: await callArgs(options, terminal),
      spend_usd: options['spend-usd'],
      run_id: options['run-id'],
      idempotency_key: options['idempotency-key'],
      dry_run: options['dry-run'] ? true : undefined,
    } as const;
    const answer = await governedCall(api, call, options.async);
    const runsAsWanted = options.async && answer.decision === 'in_progress';
    return { answer, text: callText(answer, terminal.style), exit: runsAsWanted ? EXIT.done : exitOfCall(answer) };
  },
});
