import { SimProcess } from '../sim-process.js';
import { SimRedis } from '../sim-redis.js';
import { World } from '../world.js';
import { describeOutcomeStore, type RedisBench } from './outcome-store.contract.js';
import { describeTaskStore } from './task-store.contract.js';

const open = (): Promise<RedisBench> => {
  const world = new World(1, false);
  const redis = new SimRedis(world);
  redis.recover();
  let closed = false;
  const timeGoesOn = async (): Promise<void> => {
    while (!closed) {
      await world.play(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  void timeGoesOn();
  return Promise.resolve({
    store: redis.portOf(new SimProcess(world, 'tests', { offsetMs: 0, rate: 1 })),
    wipe: () => {
      redis.flushAll();
      return Promise.resolve();
    },
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  });
};

describeOutcomeStore('simulated', open);
describeTaskStore('simulated', open);
