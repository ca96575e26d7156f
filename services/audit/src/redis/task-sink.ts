import { readFileSync } from 'node:fs';
import { taskPositionsKey, usageKey } from '@tollgate/store';
import { PositionMovedError, type Beginning, type Sink, type Slice } from '../lane/sink.js';
import type { Positions } from '../reading/source-position.js';
import type { Source } from '../reading/source.js';
import { everyEvent } from '../rows/projected-rows.js';
import { decodePosition, encodePosition, fromRedis, type RedisStore } from './redis-store.js';
import { storedStrings } from './stored-strings.js';
import { usageChanges } from './usage-changes.js';

const SCRIPT = readFileSync(new URL('../../lua/project-tasks.lua', import.meta.url), 'utf8');

/**
 * Tasks, answers to commands and credits of one partition in Redis, from the journal of lease. Wiped, it begins again with
 * the journal, which holds all that still counts, carried where it is old (rule 15).
 */
export class TaskSink implements Sink {
  readonly name = 'tasks';
  readonly lingerMs = 2;

  constructor(
    private readonly redis: RedisStore,
    private readonly partition: number,
    private readonly now: () => number = Date.now,
  ) {}

  beginning(): Beginning {
    return 'first';
  }

  async load(sources: readonly Source[]): Promise<Positions> {
    const stored = await fromRedis(() => this.redis.hgetall(taskPositionsKey(this.partition)));
    const known = sources.map(({ name }) => [name, decodePosition(stored[name])] as const);
    return Object.fromEntries(known.filter((entry) => entry[1] !== undefined)) as Positions;
  }

  async write({ messages, expected, next }: Slice): Promise<void> {
    const recorded = messages.flatMap(everyEvent);
    const strings = storedStrings(recorded, this.now());
    const changes = usageChanges(recorded.map(({ event }) => event));
    const [source = ''] = [...Object.keys(next), ...Object.keys(expected)];
    const usageKeys = [...changes.keys()].map(usageKey);
    const keys = [taskPositionsKey(this.partition), ...strings.keys(), ...usageKeys];
    const args = [
      ...[source, encodePosition(expected[source]), encodePosition(next[source])],
      strings.size,
      ...[...strings.values()].flatMap(({ value, expiresMs }) => [value, expiresMs]),
      ...[...changes.values()].flatMap(({ how, month, make, ai }) => [how, month, make, ai]),
    ];
    const answer = await fromRedis(() => this.redis.eval(SCRIPT, keys.length, ...keys, ...args));
    if (answer === 'moved') throw new PositionMovedError('Redis is not where this projection left it');
  }
}
