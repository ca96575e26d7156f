import { command } from '../../command/command.js';
import { flag, whole } from '../../command/option.js';
import { readDocument } from '../../input/document.js';
import { leaseText, type Lease } from '../leases/lease-text.js';
import { endOfJob } from './end-of-job.js';
import { exitOfJob } from './job-exit.js';
import { jobText } from './job-text.js';

type Acquired = Lease & { readonly error_code: string | null };

export const jobRun = command({
  words: 'job run',
  summary: 'calls that the server makes one after the other, once for each key',
  takes: ['<key>', '<file>'],
  options: {
    ttl: whole('<sec>', 'of its lease, which does not run out while the job runs (as the plan says)'),
    'dry-run': flag('only say what would be decided; the key is used up all the same'),
    async: flag('do not wait for its end: its lease is shown, whose id stops it before the next call'),
  },
  about: [
    'The file is its metadata, YAML or JSON, - for standard input: agent_id, actions (tool, args, spend_usd of each), run_id.',
    'It goes on when this ends. The same again starts nothing, and says how it stands; so does `lease result`.',
    'Exit codes: 0 it is done; 4 an action was blocked; 1 one failed; 5 nobody knows whether one acted; 3 it still runs.',
  ].join('\n'),
  examples: ['job run import-42 import.yaml', 'job run import-42 import.yaml --wait 600 --json'],
  async run({ args: [key = '', file = ''], options }, { api, terminal }) {
    const read = await readDocument(file, terminal);
    const metadata = options['dry-run'] ? { ...read, dry_run: true } : read;
    const acquired = await api.create<Acquired>('/v1/ai/run', { key, ttl: options.ttl, metadata });
    if (options.async) return { answer: acquired, text: leaseText(acquired), exit: exitOfJob(acquired) };
    const answer = await endOfJob(api, key);
    return { answer, text: jobText(answer, terminal.style), exit: exitOfJob(answer) };
  },
});
