import { mutant, type Mutant } from './mutant.js';

const KEEPER = 'libs/stage/dist/keeper.js';
const LOOP = 'libs/stage/dist/owner-loop.js';
const SNAPSHOTS = 'libs/stage/dist/snapshots.js';
const LEASE = 'services/lease/dist/lease.state.js';
const CUTS = 'services/audit/dist/retention/cuts.js';

/**
 * Of what outlives its journal's oldest messages (rule 15), and of snapshots (rule 3). That what half a journal has left
 * behind goes is shown where such folds are made by the thousand: services/lease/src/keep-keys.spec.ts.
 */
export const KEPT_MUTANTS: readonly Mutant[] = [
  mutant(3, 'a snapshot is taken when its append is acknowledged', [
    KEEPER,
    'save(this.taken.bytes, seq,',
    'save(this.take().bytes, seq,',
  ]),
  mutant(3, 'a snapshot is said to be one append further', [
    KEEPER,
    'this.taken.bytes, seq,',
    'this.taken.bytes, seq + 1,',
  ]),
  mutant(3, 'a snapshot has no positions', [SNAPSHOTS, 'lastAt, positions });', 'lastAt, positions: new Map() });']),
  mutant(3, 'a snapshot of a journal that is gone is taken', [
    SNAPSHOTS,
    'message !== undefined && readBatch(message.data).epoch === epoch',
    'true',
  ]),
  mutant(3, 'copies of a call are known by when they were decided', [
    'services/policy/dist/policy.state.js',
    'hourOf(event.data.call.requestedAt)',
    'hourOf(event.at)',
  ]),
  mutant(15, 'nothing is carried forward', [KEEPER, 'definition.keeping.carry?.(journal.state, before) ?? []', '[]']),
  mutant(15, 'what was read by the beginning of a look is taken for what was read by its end', [
    KEEPER,
    'this.carrying(before)',
    'this.carrying(clock.now() - times.carryAfterMs)',
  ]),
  mutant(15, 'what is carried is forgotten when it is said to be', [LEASE, 'since: at', 'since: entry.since']),
  mutant(15, 'what is needed is said without every position', [
    LOOP,
    'batch.isKept ? journal.positions : batch.positions',
    'batch.positions',
  ]),
  mutant(15, 'what a stage has not decided is purged', [
    CUTS,
    'Math.min(reached(stream), ...needed)',
    'reached(stream)',
  ]),
  mutant(15, 'what a projection has not stored is purged', [
    CUTS,
    'Math.min(reached(stream), ...needed)',
    'Math.min(...needed)',
  ]),
  mutant(15, 'what a projection has only in memory is purged', [
    'services/audit/dist/retention/retention.js',
    'lane.stored(',
    'lane.reached(',
  ]),
  mutant(15, 'the last message that was decided is purged', [
    CUTS,
    'before: Math.min(seq, ...places)',
    'before: Math.min(seq + 1, ...places)',
  ]),
];
