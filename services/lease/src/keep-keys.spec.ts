import fc from 'fast-check';
import { journalKept, NO_TENANT, type TollgateEvent } from '@tollgate/events';
import { carryKeys, resultPlaces, hasOverdue } from './keep-keys.js';
import { leaseStage } from './lease.stage.js';
import { evolveLease, initialLeaseState, type LeaseState } from './lease.state.js';
import { DAY, NOON, passed, SECOND } from './spec/calls.js';
import { completed, freed, heldInDoubt } from './spec/endings.js';
import { acquired, waiting } from './spec/calls.js';
import { at, given } from './spec/given.js';
import { comeToRest, happen, steps, World, type Step } from './spec/interleaved.js';
import { taskStep, type TaskStep } from './spec/task-steps.js';
import { comparable, TaskWorld } from './spec/task-world.js';

const CARRY_AFTER = 7 * DAY;
const one = passed('first', { terms: { windowSec: 20 * 86_400 } });
const carriedAt = (state: LeaseState, now: number) => [...carryKeys(state, now - CARRY_AFTER)];

const folded = (events: readonly TollgateEvent[]): LeaseState => events.reduce(evolveLease, initialLeaseState());

/** What the host does from time to time. */
function keep(world: World): void {
  const before = world.now - CARRY_AFTER;
  for (const draft of leaseStage.keeping.carry?.(world.stage.state, before) ?? []) world.stage.fold(draft, world.now);
  if (hasOverdue(world.stage.state, world.now)) return;
  world.stage.fold(journalKept.draft(NO_TENANT, { from: before, needs: [] }), world.now);
}

interface Both {
  readonly steps: readonly Step[];
  readonly tasks: readonly TaskStep[];
}
function bothHappen(world: World, tasks: TaskWorld, { steps, tasks: ofTasks }: Both): void {
  for (const step of steps) happen(world, step);
  tasks.now = world.now;
  for (const step of ofTasks) tasks.happen(step);
  world.now = tasks.now;
}

describe('what is carried', () => {
  it('is a key that still holds, and is older than a week', () => {
    const { state } = given(at(NOON, acquired(one)), at(NOON, completed(one, NOON + 20 * DAY))).stage;
    expect(carriedAt(state, NOON + CARRY_AFTER)).toEqual([]);
    expect(carriedAt(state, NOON + CARRY_AFTER + SECOND)).toMatchObject([
      { type: 'key-carried', data: { status: { is: 'completed', callId: 'first' } } },
    ]);
  });

  it('is not a key whose window is over', () => {
    const { state } = given(at(NOON, acquired(one)), at(NOON, completed(one, NOON + DAY))).stage;
    expect(carriedAt(state, NOON + 9 * DAY)).toEqual([]);
  });

  it('is the outgoing key of a call that was in doubt and was freed, as long as it is remembered', () => {
    const { state } = given(at(NOON, acquired(one)), at(NOON, heldInDoubt(one)), at(NOON + DAY, freed(one))).stage;
    expect(carriedAt(state, NOON + 9 * DAY)).toMatchObject([{ data: { claim: 'first', tainted: true } }]);
    expect(carriedAt(state, NOON + 40 * DAY)).toEqual([]);
  });

  it('is carried again a week later, not before', () => {
    const { stage } = given(at(NOON, acquired(one)), at(NOON, heldInDoubt(one)));
    for (const draft of carriedAt(stage.state, NOON + 8 * DAY)) stage.fold(draft, NOON + 8 * DAY);
    expect(carriedAt(stage.state, NOON + 14 * DAY)).toEqual([]);
    expect(carriedAt(stage.state, NOON + 16 * DAY)).toHaveLength(1);
  });
});

describe('a large result', () => {
  it('is pointed at while its key is completed', () => {
    const place = { stream: 'DISPATCH-0', seq: 42, index: 3 };
    const { state } = given(acquired(one)).stage;
    const entry = [...state.keys.values()][0]!;
    entry.status = { is: 'completed', callId: 'first', until: NOON + DAY, result: { callId: 'first', place } };
    expect([...resultPlaces(state)]).toEqual([place]);
  });
});

describe('a call that is long past its deadline, after an outage', () => {
  it('is answered before anything is said of what the stage needs', () => {
    const { state } = given(acquired(one), waiting(passed('second'))).stage;
    expect([hasOverdue(state, NOON), hasOverdue(state, NOON + DAY)]).toEqual([false, true]);
  });
});

describe('a fold of a journal whose oldest part is gone', () => {
  it('is that of the whole journal, wherever in the oldest part it was cut, also in the middle', () => {
    // In an outage days pass while calls wait, and some are not answered yet when keys are carried.
    const some = fc.record({ steps, tasks: fc.array(taskStep, { maxLength: 40 }) });
    const age = fc.record({ first: some, rests: fc.boolean(), days: fc.integer({ min: 1, max: 12 }), then: some });
    const ages = fc.array(age, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(ages, fc.nat(), fc.nat(), (all, some, more) => {
        const world = new World();
        const tasks = new TaskWorld(world.stage);
        for (const age of all) {
          bothHappen(world, tasks, age.first);
          if (age.rests) tasks.comeToRest();
          if (age.rests) comeToRest(world);
          world.now += age.days * DAY;
          bothHappen(world, tasks, age.then);
          keep(world);
        }
        const { journal, state } = world.stage;
        const kept = journal.findLast(({ type }) => type === 'journal-kept') as { data: { from: number } } | undefined;
        const needless = journal.filter((event) => event.at < (kept?.data.from ?? 0)).length;
        const [first, second] = [some % (needless + 1), more % (needless + 1)].toSorted((a, b) => a - b);
        expect(comparable(folded(journal.slice(second)))).toEqual(comparable(state));
        expect(comparable(folded([...journal.slice(0, first), ...journal.slice(second)]))).toEqual(comparable(state));
      }),
      { numRuns: 1_000 },
    );
  });
});
