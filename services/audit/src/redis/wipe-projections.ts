import { readFileSync } from 'node:fs';
import { projectedKeys } from '@tollgate/store';
import type { Redis } from 'ioredis';

const SCRIPT = readFileSync(new URL('../../lua/wipe-projections.lua', import.meta.url), 'utf8');

/** Has the present in Redis made anew from the journals; answers how many keys are gone. Rate limits stay. */
export async function wipeProjections(redis: Redis): Promise<number> {
  const patterns = projectedKeys(redis.options.keyPrefix ?? '');
  return Number(await redis.eval(SCRIPT, 0, ...patterns));
}
