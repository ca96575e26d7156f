import { taskAcquired, taskExpired, type Draft, type Task } from '@tollgate/events';
import { leaseStage } from '../lease.stage.js';
import { DAY, NOON, SECOND, TENANT } from '../spec/calls.js';
import { complete, extend, lease, reply } from '../spec/commands.js';
import { given, type LeaseStage } from '../spec/given.js';
import { credits, ended, taskOf } from '../spec/tasks.js';

const MINUTE = 60 * SECOND;
const acquired = (by: string, changes: Partial<Task> = {}): Draft =>
  taskAcquired.draft(TENANT, { task: taskOf(by, changes), credits: credits(1, 1), reply: reply(by) });
const wakesAt = (stage: LeaseStage) => leaseStage.wakeAt(stage.state);

/** What the host's timer does until it is not asked any more. */
function ring(stage: LeaseStage, now: number): Draft[] {
  const all: Draft[] = [];
  for (let rings = 0; (wakesAt(stage) ?? Infinity) <= now; rings++) {
    expect(rings).toBeLessThan(100);
    all.push(...stage.take('timer', now));
  }
  return all;
}

describe('the deadline of a lease (contract section 2)', () => {
  it('passes by the clock, though nobody asks', () => {
    const { stage } = given(acquired('a'));
    expect(wakesAt(stage)).toBe(NOON + MINUTE);
    const expired = taskOf('a', { state: ended('expired', NOON + MINUTE) });
    expect(ring(stage, NOON + MINUTE)).toEqual([taskExpired.draft(TENANT, { task: expired })]);
    expect(wakesAt(stage)).toBeUndefined();
  });

  it('is a later one once it was extended', () => {
    const { stage } = given(acquired('a'));
    stage.take(extend('b', 'a', { ttlSec: 3_600 }), NOON + SECOND);
    expect(ring(stage, NOON + MINUTE)).toEqual([]);
    expect(ring(stage, NOON + SECOND + 3_600 * SECOND)).toMatchObject([{ type: 'task-expired' }]);
  });

  it('does not pass when it was completed, and its holder may come back when it has passed', () => {
    const { stage } = given(acquired('a'));
    stage.take(complete('b', 'a'), NOON + SECOND);
    expect(ring(stage, NOON + DAY)).toEqual([]);
    const { stage: late } = given(acquired('a'));
    ring(late, NOON + MINUTE);
    late.take(extend('b', 'a'), NOON + DAY);
    expect(ring(late, NOON + DAY + MINUTE)).toMatchObject([{ type: 'task-expired' }]);
  });

  it('passes for all of many, a bounded number with each ring, and none is said to pass before its time', () => {
    const { stage } = given();
    for (let n = 0; n < 250; n++) {
      stage.fold(acquired(`a${n}`, { key: `key ${n}`, until: NOON + MINUTE + (n % 7) * SECOND }), NOON);
    }
    const rung = new Map<string, number>();
    for (let now = NOON; now <= NOON + 2 * MINUTE; now += 500) {
      for (const { data } of ring(stage, now)) rung.set((data as { task: Task }).task.key, now);
      expect(stage.take('timer', now)).toEqual([]);
    }
    expect(rung.size).toBe(250);
    for (let n = 0; n < 250; n++) {
      const late = rung.get(`key ${n}`)! - (NOON + MINUTE + (n % 7) * SECOND);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(1_500);
    }
  });

  it('is an event of its own also where somebody leases the key just then', () => {
    const { stage } = given(acquired('a'));
    expect(stage.take(lease('b'), NOON + MINUTE).map(({ type }) => type)).toEqual(['task-expired', 'task-acquired']);
    expect(ring(stage, NOON + MINUTE)).toEqual([]);
  });
});
