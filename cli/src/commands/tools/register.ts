import { command } from '../../command/command.js';
import { readDocument, readFileOrInput } from '../../input/document.js';
import { TOOL_OPTIONS, toolBody } from './tool-body.js';
import { toolText, type Tool } from './tools-text.js';

export const toolsRegister = command({
  words: 'tools register',
  summary: 'a tool that agents may be let call, or another setting or secret of it',
  takes: ['<tool>'],
  options: TOOL_OPTIONS,
  about: [
    'A new tool needs --endpoint and --secret-file; later only what is given changes. Another secret overlaps with the one',
    'before it: both sign until the time that is shown, so that the tool can change over.',
  ].join('\n'),
  examples: [
    'tools register charge --endpoint https://tools.example.com/charge --secret-file charge.secret',
    'tools register charge --on-unknown reconcile --reconcile-url https://tools.example.com/known',
    'tools register charge --secret-file next.secret --overlap-sec 3600',
    'tools register charge --from charge.yaml',
  ],
  async run({ args: [name = ''], options }, { api, terminal }) {
    const file = options.from === undefined ? {} : await readDocument(options.from, terminal);
    const secretFile = options['secret-file'];
    const secret = secretFile === undefined ? undefined : (await readFileOrInput(secretFile, terminal)).trimEnd();
    const answer = await api.post<Tool>('/v1/tools', toolBody(name, options, file, secret));
    return { answer, text: toolText(answer) };
  },
});
