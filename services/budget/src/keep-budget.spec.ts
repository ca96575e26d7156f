import { deserialize, serialize } from 'node:v8';
import { finish, journalKept, NO_TENANT } from '@tollgate/events';
import { budgetStage } from './budget.stage.js';
import { evolveBudget } from './budget.state.js';
import { checking, DAY, leased, MIDNIGHT, NOON, released, reserved, SECOND } from './spec/calls.js';
import { at, given } from './spec/given.js';

const kept = journalKept.draft(NO_TENANT, { from: NOON - 6 * DAY, needs: [] });

describe('what agents have used', () => {
  it('is the same from a snapshot, and goes on from there', () => {
    const { state } = given(
      reserved(leased('one', { cost: 5 })),
      at(NOON + 1, reserved(leased('two', { cost: 7 }))),
    ).stage;
    const revived = budgetStage.keeping.revive!(deserialize(serialize(state)));
    expect(revived).toEqual(state);
    const next = finish(reserved(leased('three', { cost: 1 })), 3, NOON + 2);
    expect(evolveBudget(revived, next)).toEqual(evolveBudget(state, next));
  });

  it('is forgotten once all of it has left its windows, and not before', () => {
    const { stage } = given(reserved(leased('one', { cost: 5 })));
    stage.fold(kept, NOON + DAY / 4);
    expect(stage.state.agents.size).toBe(1);
    stage.fold(kept, NOON + 2 * DAY);
    expect(stage.state.agents.size).toBe(0);
  });
});

describe('a call whose money was given back before midnight', () => {
  it('goes on counting for its hour', () => {
    const one = leased('one');
    const { stage } = given(
      at(MIDNIGHT - 10 * 60 * SECOND, reserved(one)),
      at(MIDNIGHT - SECOND, released(one, 'money')),
    );
    stage.fold(kept, MIDNIGHT + 5 * 60 * SECOND);
    expect([...stage.state.agents.values()].map(({ actions }) => actions.size)).toEqual([1]);
  });
});

describe('a refusal that waits for its look', () => {
  const { stage } = given(checking(leased('one')));
  const { deadline } = leased('one').call;

  it('keeps the stage from saying what it needs, when an outage has made it late', () => {
    const isBehind = (now: number) => budgetStage.keeping.isBehind!(stage.state, now);
    expect([isBehind(deadline), isBehind(deadline + DAY)]).toEqual([false, true]);
  });

  it('goes, when half a journal has left it behind', () => {
    stage.fold(kept, deadline + DAY);
    expect(stage.state.checking.size).toBe(0);
  });
});
