import { JOURNALS } from '@tollgate/journal';
import type { JournalName } from '@tollgate/events';
import { cutsOf, type Kept } from './cuts.js';

const DAY_MS = 24 * 3_600_000;
const NOW = Date.UTC(2026, 5, 30);
const KEPT_MS = 8 * DAY_MS;
const CARRIED = NOW - 7 * DAY_MS;
const HOUR_MS = 3_600_000;

const policyCalls = 'tollgate.calls.0.policy';
const NEEDS: Record<JournalName, Kept['needs']> = {
  policy: [{ stream: 'CALLS-0', subject: policyCalls, seq: 90 }],
  lease: [
    { stream: 'POLICY-0', seq: 80 },
    { stream: 'BUDGET-0', seq: 81 },
    { stream: 'DISPATCH-0', seq: 82 },
  ],
  budget: [
    { stream: 'LEASE-0', seq: 70 },
    { stream: 'DISPATCH-0', seq: 71 },
  ],
  dispatch: [{ stream: 'BUDGET-0', seq: 60 }],
};
const said = (needs: Partial<Record<JournalName, Kept['needs']>> = {}, from = CARRIED): Map<JournalName, Kept> =>
  new Map(JOURNALS.map((journal) => [journal, { from, needs: needs[journal] ?? NEEDS[journal] }]));
const everything = (_stream: string): number => 1_000;
const cuts = (kept: ReadonlyMap<JournalName, Kept>, reached = everything) =>
  Object.fromEntries(cutsOf(0, kept, reached, NOW, KEPT_MS).map((cut) => [cut.stream, cut]));

describe('a journal', () => {
  it('is cut behind the slowest stage that reads it', () => {
    expect(cuts(said())).toMatchObject({
      'POLICY-0': { before: 80 },
      'LEASE-0': { before: 70 },
      'BUDGET-0': { before: 60 },
      'DISPATCH-0': { before: 71 },
    });
  });

  it('is cut behind the slowest projection', () => {
    expect(cuts(said(), (stream) => (stream === 'LEASE-0' ? 5 : 1_000))['LEASE-0']).toMatchObject({
      before: 5,
    });
  });

  it('keeps a large result that a key points at', () => {
    const lease = [...NEEDS.lease, { stream: 'DISPATCH-0', seq: 3 }];
    expect(cuts(said({ lease }))['DISPATCH-0']).toMatchObject({ before: 3 });
  });

  it('stays as long as nothing of it may be needed for a rebuild, and what is not carried stays longer', () => {
    expect(cuts(said())['LEASE-0']?.olderThanMs).toBe(NOW - KEPT_MS - HOUR_MS);
    expect(cuts(said({}, NOW - 20 * DAY_MS))['LEASE-0']?.olderThanMs).toBe(NOW - 20 * DAY_MS - HOUR_MS);
  });

  it('stays whole while one stage has not said what it needs', () => {
    const kept = said();
    kept.delete('budget');
    expect(cutsOf(0, kept, everything, NOW, KEPT_MS)).toEqual([]);
  });
});

describe('CALLS', () => {
  it('is cut subject by subject, behind its one reader; what nobody has read yet stays', () => {
    const dispatch = [...NEEDS.dispatch, { stream: 'CALLS-0', subject: 'tollgate.calls.0.dispatcher', seq: 0 }];
    const olderThanMs = NOW - KEPT_MS - HOUR_MS;
    const found = cutsOf(0, said({ dispatch }), everything, NOW, KEPT_MS).filter(({ stream }) => stream === 'CALLS-0');
    expect(found).toEqual([
      { stream: 'CALLS-0', subject: policyCalls, before: 90, olderThanMs },
      { stream: 'CALLS-0', subject: 'tollgate.calls.0.dispatcher', before: 0, olderThanMs },
    ]);
  });

  it('keeps a large result that its reader points at, for that reader', () => {
    const subject = 'tollgate.calls.0.lease';
    const lease = [...NEEDS.lease, { stream: 'CALLS-0', subject, seq: 95 }, { stream: 'CALLS-0', seq: 7 }];
    const found = cutsOf(0, said({ lease }), everything, NOW, KEPT_MS).filter(({ stream }) => stream === 'CALLS-0');
    expect(found).toMatchObject([
      { subject: policyCalls, before: 90 },
      { subject, before: 7 },
    ]);
  });
});
