import type { Style } from '../../terminal/style.js';
import { plain } from '../../text/plain.js';
import { secondsTime } from '../../text/time.js';

/** A row of `GET /events`. */
export interface FeedEvent {
  readonly id: number;
  readonly ts: number;
  readonly type: string;
  readonly key: string | null;
  readonly agent_id: string | null;
  readonly tool: string | null;
  readonly [member: string]: unknown;
}

/** As long as the longest type. */
const TYPE_WIDTH = 'ai_in_progress'.length;
const MORE = ['version', 'error_code', 'result_hash', 'usage', 'limit', 'charged'];

/** One line that can be read while others come: nothing in it depends on another. */
export function eventLine(event: FeedEvent, style: Style): string {
  const { id, ts, type, key, agent_id, tool } = event;
  const about = [tool, key].filter((word) => word !== null).map(plain);
  const who = agent_id === null ? [] : [`as ${plain(agent_id)}`];
  const more = MORE.filter((member) => event[member] !== null && event[member] !== undefined);
  const said = more.map((member) => `${member}=${plain(event[member])}`);
  return [secondsTime(ts), String(id), toned(type, style), ...about, ...who, ...said].join('  ') + '\n';
}

function toned(type: string, style: Style): string {
  const text = plain(type).padEnd(TYPE_WIDTH);
  if (/failed|over_limit/.test(type)) return style.bad(text);
  if (/blocked|duplicate|canceled/.test(type)) return style.careful(text);
  return /executed|completed|locked|acquired/.test(type) ? style.good(text) : text;
}
