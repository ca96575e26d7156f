import { command } from '../../command/command.js';
import { text, whole } from '../../command/option.js';
import { readDocument } from '../../input/document.js';

interface Noted {
  readonly event_id: number;
  readonly run_id: string;
}

export const runsNote = command({
  words: 'runs note',
  summary: 'puts an event of your own on the timeline of a run',
  takes: ['<run id>', '<type>'],
  options: {
    message: text('<text>', 'what there is to say'),
    status: text('<word>', 'how it went'),
    step: text('<word>', 'what of the run it belongs to'),
    agent: text('<id>', 'the agent whose event it is'),
    tool: text('<tool>', 'the tool that it is about'),
    'duration-ms': whole('<ms>', 'how long it took'),
    'req-id': text('<id>', 'makes a repeat a repeat: of run, type and this there is one event'),
    data: text('<file>', 'an object of your own, YAML or JSON'),
  },
  about: 'It is seen on the timeline only, as said by the client, and decides nothing.',
  examples: [
    'runs note checkout-1001 planned --message "three steps"',
    'runs note checkout-1001 scored --data score.json',
  ],
  async run({ args: [run_id = '', type = ''], options }, { api, terminal }) {
    const { message, status, step, tool, agent: agent_id, 'duration-ms': duration_ms, 'req-id': req_id } = options;
    const data = options.data === undefined ? {} : { data: await readDocument(options.data, terminal) };
    const sent = { run_id, type, message, status, step, tool, agent_id, duration_ms, req_id, ...data };
    const answer = await api.create<Noted>('/v1/events', sent);
    return { answer, text: `noted: event ${answer.event_id}\n` };
  },
});
