import {
  blocked,
  blockedOutcome,
  commandRefused,
  executed,
  finish,
  inDoubt,
  leaseAcquired,
  leaseSettled,
  lockRepeated,
  lockTaken,
  resolved,
  taskAcquired,
  taskCompleted,
  taskExpired,
  taskFailed,
  taskPolled,
  unknownOutcome,
  type Command,
  type CommandRefusal,
  type Draft,
  type TaskState,
  type TollgateEvent,
} from '@tollgate/events';
import { executedOutcome, header, NOON, passed } from '../spec/events.js';
import { taskIs } from '../spec/tasks.js';
import { usageRows } from './usage-rows.js';

const DAY_MS = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 10, 22);

const at = (ms: number, draft: Draft): TollgateEvent => finish(draft, 1, ms);
const now = (draft: Draft): TollgateEvent => at(NOON, draft);
/** The counts of one tenant and day that are not 0. */
const counted = (...events: readonly TollgateEvent[]): Readonly<Record<string, unknown>>[] =>
  usageRows(events).map((row) => Object.fromEntries(Object.entries(row).filter(([, count]) => count !== 0)));

const reply = { commandId: 'c', gateway: 'g', stampMs: NOON };
const credits = (charged: number) => ({ plan: 'free', usage: 1, limit: 10, charged });
const lock = { key: 'k', ttlSec: 60, until: NOON + 60_000, firstSeenAt: NOON };
const refusal = (does: Command['does'], why: CommandRefusal) =>
  commandRefused.draft('acme', { key: 'k', does, why, reply });
const polled = (state: TaskState, asHolder?: boolean) =>
  taskPolled.draft('acme', {
    task: taskIs(state),
    credits: credits(0),
    reply,
    ...(asHolder === undefined ? {} : { asHolder }),
  });
const leased = leaseAcquired.draft('acme', {
  ...passed(header('call_1')),
  grant: { leaseKey: 'k', outgoingKey: 'tg_1' },
  claim: 'call_1',
});
const settled = (givesBack?: string) =>
  leaseSettled.draft('acme', {
    leaseKey: 'k',
    callId: 'call_1',
    how: { state: 'free', ...(givesBack === undefined ? {} : { givesBack }) },
  });
const row = (counts: object, day = '2026-11-21') => ({ tenant: 'acme', day, ...counts });

describe('contract 7, usage: check-lock', () => {
  it('counts every one that was answered, and what became of it', () => {
    const taken = now(lockTaken.draft('acme', { lock, credits: credits(0), reply }));
    const again = now(lockTaken.draft('acme', { lock, credits: credits(0), again: true, reply }));
    const repeated = now(lockRepeated.draft('acme', { lock, credits: credits(1), reply }));
    const refused = now(refusal('lock', 'payment_required'));
    expect(counted(taken, again, repeated, repeated, refused)).toEqual([
      row({ checks_total: 5, locks_created: 1, duplicates_blocked: 2, checks_refused: 1 }),
    ]);
  });
});

describe('contract 7, usage: leases, jobs and calls', () => {
  it('counts a lease once; what is charged is what its answer says', () => {
    const first = now(taskAcquired.draft('acme', { task: taskIs(), credits: credits(1), reply }));
    const afterExpiry = now(taskAcquired.draft('acme', { task: taskIs(), credits: credits(0), reply }));
    expect(counted(first, afterExpiry)).toEqual([row({ ai_requests: 2, ai_acquired: 2, ai_charged: 1 })]);
  });

  it('counts as polling who asks while another holds the key, and nobody else', () => {
    const another = now(polled({ is: 'in_progress' }));
    const holder = now(polled({ is: 'in_progress' }, true));
    const finished = now(polled({ is: 'completed', at: NOON }));
    expect(counted(another, holder, finished)).toEqual([row({ ai_requests: 3, ai_polled: 1 })]);
  });

  it('counts completions, and an expiry as one that failed', () => {
    const completed = now(taskCompleted.draft('acme', { task: taskIs({ is: 'completed', at: NOON }) }));
    const failed = now(taskFailed.draft('acme', { task: taskIs({ is: 'failed', at: NOON, errorCode: 'x' }) }));
    const expired = now(taskExpired.draft('acme', { task: taskIs({ is: 'expired', at: NOON }) }));
    expect(counted(completed, failed, expired)).toEqual([row({ ai_completed: 1, ai_failed: 2 })]);
  });

  it('counts a call once, by its first end: a resolution is nothing new', () => {
    const call = header('call_1');
    const doubt = inDoubt.draft('acme', { call, outcome: unknownOutcome('timeout', null, 0), heldUntil: 1 });
    const end = resolved.draft('acme', { call, outcome: executedOutcome('call_1') });
    const other = executed.draft('acme', { call: header('call_2'), outcome: executedOutcome('call_2') });
    expect(counted(now(doubt), now(end), now(other))).toEqual([row({ ai_requests: 2 })]);
  });

  it('counts as blocked what was refused for want of credits, not what a policy blocks', () => {
    const byPolicy = blocked.draft('acme', { call: header('a'), outcome: blockedOutcome('tool_explicitly_blocked') });
    const byCredits = blocked.draft('acme', { call: header('b'), outcome: blockedOutcome('payment_required') });
    const lease = refusal('lease', 'payment_required');
    expect(counted(now(byPolicy), now(byCredits), now(lease))).toEqual([row({ ai_requests: 3, ai_refused: 2 })]);
  });

  it('counts no word of a holder, and nothing of a key that is not good', () => {
    const refusals = [
      refusal('extend', 'lease_mismatch'),
      refusal('complete', 'not_found'),
      refusal('lock', 'invalid_api_key'),
    ];
    expect(counted(...refusals.map(now))).toEqual([]);
  });

  it('gives a credit back in the month that it was charged to, not in one that is over', () => {
    expect(counted(now(leased), now(settled('2026-11')))).toEqual([row({})]);
    expect(counted(now(leased), now(settled()))).toEqual([row({ ai_charged: 1 })]);
    expect(counted(at(Date.UTC(2026, 11, 1), settled('2026-11')))).toEqual([]);
  });
});

describe('the day of usage', () => {
  it('is that of the event, UTC, to the millisecond', () => {
    const taken = lockTaken.draft('acme', { lock, credits: credits(0), reply });
    const days = usageRows([at(MIDNIGHT - 1, taken), at(MIDNIGHT, taken), at(MIDNIGHT + DAY_MS - 1, taken)]);
    expect(days.map(({ day, checks_total }) => [day, checks_total])).toEqual([
      ['2026-11-21', 1],
      ['2026-11-22', 2],
    ]);
  });

  it("is each tenant's own", () => {
    const taken = (tenant: string) => now(lockTaken.draft(tenant, { lock, credits: credits(0), reply }));
    expect(usageRows([taken('acme'), taken('globex'), taken('acme')])).toMatchObject([
      { tenant: 'acme', checks_total: 2 },
      { tenant: 'globex', checks_total: 1 },
    ]);
  });
});
