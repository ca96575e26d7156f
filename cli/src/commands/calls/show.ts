import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { callText, type Call } from './call-text.js';

export const callsShow = command({
  words: 'calls show',
  summary: 'a call as it stands now',
  takes: ['<call id>'],
  options: {},
  about: '`runs show` with its run shows how it went.',
  examples: ['calls show call_3q2-7w'],
  async run({ args: [id = ''] }, { api, terminal }) {
    const answer = await api.get<Call>(path`/v1/calls/${id}`);
    return { answer, text: callText(answer, terminal.style) };
  },
});
