import { query } from '../../api/path.js';
import { command, type Context, type Result } from '../../command/command.js';
import { flag, whole } from '../../command/option.js';
import { EXIT } from '../../exit-code.js';
import { eventLine, type FeedEvent } from './event-line.js';
import { behindLast, follow } from './follow.js';

/** How many of the last are shown before what comes. */
const LAST = 10;

export const events = command({
  words: 'events',
  summary: 'what was decided, the newest first, or as it comes with --follow',
  takes: [],
  options: {
    follow: flag('go on with what comes, until Ctrl-C; also while the server is restarted'),
    after: whole('<id>', 'only what is behind this event, the oldest first; 0 from the beginning'),
    limit: whole('<n>', `how many, 500 at most (50); with --follow, how many of the last first (${LAST})`),
    offset: whole('<n>', 'how many to leave out (0)'),
  },
  about: 'With --follow and --json each event is one line.',
  examples: ['events', 'events --follow', 'events --follow --after 0 --json | jq -r .type'],
  async run({ options: { follow: goesOn, after, limit, offset } }, context) {
    if (goesOn) return followed(context, after, limit);
    const answer = await context.api.get<readonly FeedEvent[]>(`/v1/events${query({ after, limit, offset })}`);
    const lines = answer.map((event) => eventLine(event, context.terminal.style)).join('');
    return { answer, text: lines === '' ? 'no events\n' : lines };
  },
});

async function followed({ api, terminal, show }: Context, after: number | undefined, last = LAST): Promise<Result> {
  const interrupted = terminal.interruption();
  const seen = await follow(api, {
    after: after ?? (await behindLast(api, last)),
    show: (event) => {
      show(event, eventLine(event, terminal.style));
    },
    say: (line) => {
      terminal.say(line);
    },
    interrupted,
  });
  terminal.say(`ended: --after ${seen} goes on from here`);
  return { answer: undefined, text: '', exit: EXIT.interrupted };
}
