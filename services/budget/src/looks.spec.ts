import { finish, NO_TENANT, ownerChanged, type Draft } from '@tollgate/events';
import { systemClock } from '@tollgate/journal';
import type { Owner } from '@tollgate/stage';
import type { BudgetState } from './budget.state.js';
import { capLooks } from './looks.js';
import { checking, leased, NOON } from './spec/calls.js';
import { given } from './spec/given.js';

const OTHERS = checking(leased('of the owner before'));
const ITS_OWN = checking(leased('its own'));
const ownerChange = ownerChanged.draft(NO_TENANT, { owner: 'budget-2', epoch: 'two' });

/** An owner whose state is this, and the calls it has looked for. */
function ownerOf(...past: readonly Draft[]): { owner: Owner<BudgetState>; lookedFor: string[] } {
  const lookedFor: string[] = [];
  const owner = {
    partition: 0,
    isOwner: true,
    state: given(...past).stage.state,
    look: () => Promise.resolve(),
    submit: (_type: string, { id }: { id: string }) => lookedFor.push(id),
  };
  return { owner: owner as unknown as Owner<BudgetState>, lookedFor };
}

const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a new owner', () => {
  it('looks for the refusals that the one before has left', async () => {
    const { owner, lookedFor } = ownerOf(OTHERS, ownerChange);
    capLooks(systemClock).owning(owner);
    await aMoment();
    expect(lookedFor).toEqual(['of the owner before']);
  });

  it('looks for its own once they are in the journal, though it has decided them before it owns', async () => {
    const { owner, lookedFor } = ownerOf(OTHERS, ownerChange, ITS_OWN);
    const looks = capLooks(systemClock);
    looks.owning(owner);
    await aMoment();
    expect(lookedFor).toEqual(['of the owner before']);
    looks.committed(finish(ITS_OWN, 3, NOON), owner);
    await aMoment();
    expect(lookedFor).toEqual(['of the owner before', 'its own']);
  });
});
