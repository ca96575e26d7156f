import { randomUUID } from 'node:crypto';
import { env } from 'node:process';
import { openRedis, rateKey } from '@tollgate/store';
import { OwnBuckets } from './own-buckets.js';
import { bucketsIn } from './shared-buckets.js';

/** Long enough that nothing is regained while a test runs. */
const SLOW = [{ periodMs: 600_000, tokens: 3 }];

type Redis = ReturnType<typeof openRedis>;

describe('the rate of a key, in Redis', () => {
  const opened: Redis[] = [];
  const prefix = `rates-${randomUUID()}:`;
  /** A gateway's connection. */
  async function redis(): Promise<Redis> {
    const one = openRedis(`${env['REDIS_URL'] ?? ''}?keyPrefix=${prefix}`, { name: 'rates', timeoutMs: 2_000 });
    opened.push(one);
    await new Promise((resolve) => one.once('ready', resolve));
    return one;
  }
  afterAll(() => {
    for (const one of opened) one.disconnect();
  });

  it('is the same for all gateways, and what a gateway alone would allow', async () => {
    const gateways = [bucketsIn(await redis(), SLOW), bucketsIn(await redis(), SLOW)];
    const alone = new OwnBuckets(SLOW);
    const [answers, own]: [boolean[], boolean[]] = [[], []];
    for (let time = 0; time < 6; time += 1) {
      answers.push((await gateways[time % 2]!.take('shared')) === 0);
      own.push(alone.take('shared', 0) === 0);
    }
    expect(answers).toEqual(own);
  });

  it('of many at once lets as many through as there are tokens', async () => {
    const buckets = bucketsIn(await redis(), SLOW);
    const all = await Promise.all(Array.from({ length: 50 }, () => buckets.take('crowd')));
    expect(all.filter((wait) => wait === 0)).toHaveLength(3);
    const waits = all.filter((wait) => wait > 0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(200_000);
    expect(waits.every(Number.isInteger)).toBe(true);
  });

  it('lets through who has waited as long as told', async () => {
    const buckets = bucketsIn(await redis(), [{ periodMs: 1_000, tokens: 5 }]);
    for (let time = 0; time < 5; time += 1) await buckets.take('patient');
    const wait = await buckets.take('patient');
    expect(wait).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, wait + 1));
    expect(await buckets.take('patient')).toBe(0);
  });

  it('takes from both buckets or from none', async () => {
    const both = bucketsIn(await redis(), [
      { periodMs: 600_000, tokens: 10 },
      { periodMs: 1_200_000, tokens: 2 },
    ]);
    const answers = [];
    for (let time = 0; time < 12; time += 1) answers.push((await both.take('two')) === 0);
    expect(answers.filter(Boolean)).toHaveLength(2);
    // What the second refused was not taken from the first: eight are left there.
    const first = bucketsIn(await redis(), [{ periodMs: 600_000, tokens: 10 }]);
    const rest = [];
    for (let time = 0; time < 9; time += 1) rest.push((await first.take('two')) === 0);
    expect(rest.filter(Boolean)).toHaveLength(8);
  });

  it('begins anew after a wipe, and leaves nothing behind once the buckets are full again', async () => {
    const connection = await redis();
    const buckets = bucketsIn(connection, [{ periodMs: 200, tokens: 2 }]);
    await buckets.take('gone');
    expect(await connection.pttl(rateKey('gone'))).toBeLessThanOrEqual(101);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await connection.exists(rateKey('gone'))).toBe(0);
    expect(await buckets.take('gone')).toBe(0);
  });

  it('a clock of Redis that is set back refuses nobody for longer than a period', async () => {
    const connection = await redis();
    const buckets = bucketsIn(connection, [{ periodMs: 1_000, tokens: 2 }]);
    await connection.hset(rateKey('back'), '1000', String(Date.now() + 3_600_000));
    expect(await buckets.take('back')).toBeLessThanOrEqual(1_000);
  });
});
