import { leaseOf, TaskSink, type Slice } from '@tollgate/audit';
import {
  finish,
  lockRepeated,
  taskAcquired,
  taskCompleted,
  usageCarried,
  type Draft,
  type Task,
} from '@tollgate/events';
import { decodeStoredTask, TASK_REMEMBERED_MS, taskKey, usageKey } from '@tollgate/store';
import { eventually } from '../../harness/index.js';
import type { RedisBench } from './outcome-store.contract.js';

const TENANT = 'acme';
const NOVEMBER = Date.UTC(2026, 10, 30);
const DECEMBER = Date.UTC(2026, 11, 1);
const reply = { commandId: 'cmd', gateway: 'gw', stampMs: NOVEMBER };

const task = (changes: Partial<Task> = {}): Task => ({
  key: 'k',
  state: { is: 'in_progress' },
  leaseId: 'lease',
  version: 1,
  ttlSec: 60,
  until: NOVEMBER + 60_000,
  firstSeenAt: NOVEMBER,
  acquired: { version: 1, usage: 1, charged: 1 },
  ...changes,
});
const credits = { plan: 'free', usage: 1, limit: 0, charged: 1 };
const acquired = taskAcquired.draft(TENANT, { task: task(), credits, reply });
const completed = (at: number): Draft =>
  taskCompleted.draft(TENANT, { task: task({ state: { is: 'completed', at } }), reply });
const duplicate = lockRepeated.draft(TENANT, {
  lock: { key: 'l', ttlSec: 1, until: NOVEMBER, firstSeenAt: NOVEMBER },
  credits,
  reply,
});

/** What the projection of tasks stores in Redis: the same tests for the simulated script and for the real one. */
export function describeTaskStore(redis: string, open: () => Promise<RedisBench>): void {
  describe(`tasks and credits in Redis, ${redis}`, () => {
    let bench: RedisBench;
    let sink: TaskSink;
    let seq = 0;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.wipe();
      seq = 0;
      sink = new TaskSink(bench.store, 0, () => NOVEMBER);
    });

    const write = (at: number, ...drafts: readonly Draft[]): Promise<void> => {
      const expected = seq === 0 ? {} : { 'LEASE-0': { seq, mark: `m${seq}` } };
      seq += 1;
      const events = drafts.map((draft, i) => finish(draft, seq * 10 + i, at));
      const message = {
        source: leaseOf(0),
        seq,
        stampMs: at,
        bytes: new Uint8Array(),
        events,
        positions: {},
        epoch: '',
      };
      const slice: Slice = { messages: [message], expected, next: { 'LEASE-0': { seq, mark: `m${seq}` } } };
      return sink.write(slice);
    };
    const known = async () => {
      const text = await bench.store.get(taskKey(TENANT, 'k'));
      return text === null ? undefined : decodeStoredTask(text);
    };
    const used = () => bench.store.hgetall(usageKey(TENANT));

    it('has a task as it stands, and forgets it when the stage does', async () => {
      await write(NOVEMBER, acquired);
      expect(await known()).toMatchObject({ state: { is: 'in_progress' }, version: 1 });
      await write(NOVEMBER, completed(NOVEMBER));
      expect(await known()).toMatchObject({ state: { is: 'completed' } });
      await bench.wipe();
      seq = 0;
      await write(NOVEMBER, completed(NOVEMBER - TASK_REMEMBERED_MS - 1));
      // It expires as soon as anything can.
      await eventually('the task is forgotten', async () => (await known()) === undefined);
    });

    it('counts the credits of a month, each kind for itself', async () => {
      await write(NOVEMBER, acquired, duplicate);
      await write(NOVEMBER, acquired);
      expect(await used()).toEqual({ month: '2026-11', make: '1', ai: '2' });
    });

    it('begins anew with a month, and adds nothing to one that is over', async () => {
      await write(NOVEMBER, acquired, acquired);
      await write(DECEMBER, acquired);
      await write(NOVEMBER, acquired);
      expect(await used()).toEqual({ month: '2026-12', make: '0', ai: '1' });
    });

    it('takes what was carried for what it was', async () => {
      await write(NOVEMBER, acquired);
      await write(NOVEMBER, usageCarried.draft(TENANT, { usage: { month: '2026-11', make: 7, ai: 9 } }), acquired);
      expect(await used()).toEqual({ month: '2026-11', make: '7', ai: '10' });
    });
  });
}
