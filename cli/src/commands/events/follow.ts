import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../api/api.js';
import { query } from '../../api/path.js';
import { Unavailable } from '../../api/refusal.js';
import type { FeedEvent } from './event-line.js';

const PAGE = 500;
const AGAIN_MS = 1_000;

export interface Followed {
  /** Id of the last event that was seen. */
  readonly after: number;
  readonly show: (event: FeedEvent) => void;
  readonly say: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/** Shows what comes until it is told to end, over every absence of the server. Answers the id of the last event. */
export async function follow(patient: Api, { after, show, say, interrupted }: Followed): Promise<number> {
  const api = patient.following(interrupted);
  let cursor = after;
  let away = false;
  while (!interrupted.aborted) {
    const page = await pageAfter(api, cursor);
    if (interrupted.aborted) break;
    if (page instanceof Unavailable && !away) say(`${page.message}: going on as soon as it is back`);
    if (!(page instanceof Unavailable) && away) say('going on');
    away = page instanceof Unavailable;
    if (page instanceof Unavailable) {
      await rest(page.last.afterMs, interrupted);
      continue;
    }
    for (const event of page) show(event);
    cursor = page.at(-1)?.id ?? cursor;
    if (page.length < PAGE) await rest(AGAIN_MS, interrupted);
  }
  return cursor;
}

async function pageAfter(api: Api, after: number): Promise<readonly FeedEvent[] | Unavailable> {
  try {
    return await api.get<readonly FeedEvent[]>(`/v1/events${query({ after, limit: PAGE })}`);
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}

/** Where to begin so that the last so many are shown again; what comes late among them is not missed. */
export async function behindLast(api: Api, last: number): Promise<number> {
  const [first] = (await api.get<readonly FeedEvent[]>(`/v1/events${query({ limit: Math.max(1, last) })}`)).slice(-1);
  if (first === undefined) return 0;
  return last === 0 ? first.id : first.id - 1;
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined);
