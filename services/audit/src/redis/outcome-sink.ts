import { readFileSync } from 'node:fs';
import { isEnding, type EndingEvent } from '@tollgate/events';
import { encodeStoredOutcome, OUTCOME_TTL_SEC, outcomeKey, outcomePositionsKey } from '@tollgate/store';
import { PositionMovedError, type Beginning, type Sink, type Slice } from '../lane/sink.js';
import type { Source } from '../reading/source.js';
import type { Positions } from '../reading/source-position.js';
import { recordedEvents } from '../rows/projected-rows.js';
import type { RecordedEvent } from '../rows/recorded-event.js';
import { decodePosition, encodePosition, fromRedis, type RedisStore } from './redis-store.js';
import { storedOutcomeOf } from './stored-outcome-of.js';

const SCRIPT = readFileSync(new URL('../../lua/project-outcomes.lua', import.meta.url), 'utf8');

/** The present in Redis: outcomes of the last hour, and how far they are. Wiped, it begins again an hour back. */
export class OutcomeSink implements Sink {
  readonly name = 'redis';
  readonly lingerMs = 5;

  constructor(
    private readonly redis: RedisStore,
    private readonly partition: number,
    private readonly now: () => number = Date.now,
  ) {}

  beginning(nowMs: number): Beginning {
    return { sinceMs: nowMs - OUTCOME_TTL_SEC * 1_000 };
  }

  async load(sources: readonly Source[]): Promise<Positions> {
    const stored = await fromRedis(() => this.redis.hgetall(outcomePositionsKey(this.partition)));
    const known = sources.map(({ name }) => [name, decodePosition(stored[name])] as const);
    return Object.fromEntries(known.filter((entry) => entry[1] !== undefined)) as Positions;
  }

  async write({ messages, expected, next }: Slice): Promise<void> {
    const outcomes = this.outcomesOf(messages.flatMap(recordedEvents));
    const sources = Object.keys(next);
    const keys = [outcomePositionsKey(this.partition), ...outcomes.keys()];
    const positions = sources.flatMap((name) => [name, encodePosition(expected[name]), encodePosition(next[name])]);
    const args = [OUTCOME_TTL_SEC, sources.length, ...positions, ...outcomes.values()];
    const answer = await fromRedis(() => this.redis.eval(SCRIPT, keys.length, ...keys, ...args));
    if (answer === 'moved') throw new PositionMovedError('Redis is not where this projection left it');
  }

  private outcomesOf(recorded: readonly RecordedEvent[]): ReadonlyMap<string, string> {
    const since = this.now() - OUTCOME_TTL_SEC * 1_000;
    const outcomes = new Map<string, string>();
    for (const one of recorded) {
      if (!isEnding(one.event) || one.event.at < since) continue;
      const ending: RecordedEvent<EndingEvent> = { ...one, event: one.event };
      const { tenant, data } = one.event;
      outcomes.set(outcomeKey(tenant, data.call.callId), encodeStoredOutcome(storedOutcomeOf(ending)));
    }
    return outcomes;
  }
}
