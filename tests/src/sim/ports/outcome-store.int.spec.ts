import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@tollgate/infra/servers';
import { openRedis } from '@tollgate/store';
import { describeOutcomeStore, type RedisBench } from './outcome-store.contract.js';
import { describeTaskStore } from './task-store.contract.js';

const open = async (): Promise<RedisBench> => {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-redis-'));
  const server = await startRedis(join(folder, 'redis'));
  const redis = openRedis(server.url, { name: 'tests', timeoutMs: 5_000 });
  await new Promise((resolve) => redis.once('ready', resolve));
  return {
    store: redis,
    wipe: async () => {
      await redis.flushall();
    },
    close: async () => {
      redis.disconnect();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

describeOutcomeStore('real', open);
describeTaskStore('real', open);
