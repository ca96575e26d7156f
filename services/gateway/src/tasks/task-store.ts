import { taskPositionsKey } from '@tollgate/store';
import type { Redis } from 'ioredis';

/** A value together with the last sequence of LEASE that it is projected from, read at one moment. */
interface AsOf<T> {
  readonly seq: number;
  readonly value: T;
}

/** What the projection of tasks keeps, as a gateway reads it. */
export interface TaskStore {
  string(partition: number, source: string, key: string): Promise<AsOf<string | null>>;
  hash(partition: number, source: string, key: string): Promise<AsOf<Readonly<Record<string, string>>>>;
}

export const taskStoreIn = (redis: Redis): TaskStore => ({
  string: async (partition, source, key) => {
    const [position, value] = await both(redis.multi().hget(taskPositionsKey(partition), source).get(key));
    return { seq: seqOf(position), value: value as string | null };
  },
  hash: async (partition, source, key) => {
    const [position, value] = await both(redis.multi().hget(taskPositionsKey(partition), source).hgetall(key));
    return { seq: seqOf(position), value: value as Record<string, string> };
  },
});

async function both(multi: ReturnType<Redis['multi']>): Promise<readonly [unknown, unknown]> {
  const answers = (await multi.exec()) ?? [];
  const failed = answers.find(([error]) => error !== null);
  if (failed !== undefined) throw failed[0] as Error;
  return [answers[0]?.[1], answers[1]?.[1]];
}

/** `<seq>:<mark>`. */
const seqOf = (position: unknown): number => (typeof position === 'string' ? Number(position.split(':')[0]) : 0);
