import type { Style } from '../../terminal/style.js';
import { plain } from '../../text/plain.js';
import { columns, type Row } from '../../text/table.js';
import { secondsTime } from '../../text/time.js';
import { eventDetails, isEnd, type TimelineEvent } from './event-details.js';

export interface Timeline {
  readonly run_id: string;
  readonly total: number;
  readonly events: readonly TimelineEvent[];
}

/** A line for each event, under the call that it belongs to; events of the agent's own among them. */
export function timelineText({ run_id, total, events }: Timeline, style: Style): string {
  const [first] = events;
  if (first === undefined) return `nothing is known of run ${plain(run_id)}\n`;
  const head = `run ${style.strong(plain(run_id))}, ${secondsTime(first.ts)}, ${counted(total)}\n`;
  const more = events.length < total ? `${events.length} of ${counted(total)}: --limit and --offset show others\n` : '';
  return `${head}${sections(events, first.ts, style)}${more}`;
}

const counted = (events: number): string => (events === 1 ? '1 event' : `${events} events`);

/** Calls may run at the same time: a call is named again where another came between. */
function sections(events: readonly TimelineEvent[], from: number, style: Style): string {
  const rows = events.map((event) => row(event, from, style));
  const lines = columns(rows, '  ').split('\n');
  return events
    .map((event, at) => {
      const before = events[at - 1];
      const goesOn = before !== undefined && sameCall(before, event);
      return `${goesOn ? '' : heading(event, style)}${lines[at] ?? ''}\n`;
    })
    .join('');
}

const sameCall = (one: TimelineEvent, other: TimelineEvent): boolean =>
  one.call_id === other.call_id && one.source === other.source;

function heading({ source, call_id, tool, agent_id }: TimelineEvent, style: Style): string {
  if (source === 'client') return `\n${style.strong('said by the client')}\n`;
  const who = [tool, agent_id === null ? null : `as ${agent_id}`].filter((word) => word !== null).map(plain);
  return `\n${style.strong(plain(call_id ?? 'the job'))}  ${who.join(' ')}\n`;
}

const row = (event: TimelineEvent, from: number, style: Style): Row => [
  `+${Math.max(0, event.ts - from).toFixed(3)} s`,
  plain(event.step ?? (isEnd(event) ? 'end' : '')),
  toned(event, style),
  eventDetails(event).join(', '),
];

function toned({ source, type, status }: TimelineEvent, style: Style): string {
  if (source === 'client') return plain([type, status].filter((word) => word !== null).join(' '));
  if (status === null) return plain(type);
  return (TONES[status] ?? 'faint') === 'faint' ? plain(status) : style[TONES[status] ?? 'faint'](plain(status));
}

const TONES: Readonly<Record<string, 'good' | 'careful' | 'bad'>> = {
  executed: 'good',
  completed: 'good',
  dedup: 'good',
  blocked: 'careful',
  canceled: 'careful',
  refused: 'careful',
  unknown: 'bad',
  tool_error: 'bad',
  failed: 'bad',
};
