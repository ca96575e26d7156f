import { openRedis } from '@tollgate/store';
import { eventually, type Installation } from '../harness/index.js';

/** It is gone when this resolves; `startAgain` brings it back with what it kept. */
export async function killNats({ nats }: Installation): Promise<void> {
  const gone = new Promise((resolve) => nats.process.once('exit', resolve));
  nats.process.kill('SIGKILL');
  await gone;
}

export async function wipeRedis({ redis: { url } }: Installation): Promise<void> {
  const redis = openRedis(url, { name: 'test', timeoutMs: 2_000 });
  try {
    await eventually('Redis answers', () => redis.status === 'ready');
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}
