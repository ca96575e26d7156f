import type { Logger } from '@tollgate/runtime';
import { answerTo } from './questions.js';

const silent = { warn: () => undefined } as unknown as Logger;
const asked = JSON.stringify({ about: 'holders', details: { key: 'k' } });

/** An owner whose state names the holder of a key; what happens to it meanwhile is the test's. */
function owner(change: { holder?: string; isOwner?: boolean } = {}) {
  const state = { holder: 'a', isOwner: true, ...change };
  const looked = Promise.withResolvers<void>();
  const acknowledged = Promise.withResolvers<void>();
  const answer = answerTo(asked, {
    answer: (about, details) =>
      about === 'holders' ? Promise.resolve({ ...(details as object), ...state }) : undefined,
    loop: { turnNow: () => ({}) as never, inJournal: () => acknowledged.promise },
    look: () => looked.promise,
    isOwner: () => state.isOwner,
    log: silent,
  });
  return { state, answer, looked: looked.resolve, acknowledged: acknowledged.resolve, lookFails: looked.reject };
}

describe('a plain question to an owner', () => {
  it('is answered from what its inputs held when it was asked', async () => {
    const one = owner({ holder: 'before' });
    one.state.holder = 'decided since';
    one.looked();
    one.acknowledged();
    expect(JSON.parse((await one.answer) ?? '')).toMatchObject({ key: 'k', holder: 'decided since' });
  });

  it('is not answered before what the answer says is in the journal (rule 2)', async () => {
    const one = owner();
    one.looked();
    const first = await Promise.race([one.answer, new Promise((resolve) => setImmediate(resolve, 'nothing yet'))]);
    expect(first).toBe('nothing yet');
    one.acknowledged();
    expect(await one.answer).toBeDefined();
  });

  it('is left to the next owner where this one was shut out meanwhile', async () => {
    const one = owner();
    one.looked();
    one.state.isOwner = false;
    one.acknowledged();
    expect(await one.answer).toBeUndefined();
    expect(await owner({ isOwner: false }).answer).toBeUndefined();
  });

  it('is left unanswered where its inputs cannot be looked at', async () => {
    const one = owner();
    one.lookFails(new Error('no bus'));
    expect(await one.answer).toBeUndefined();
  });

  it('that nobody knows is left unanswered', async () => {
    const parts = { loop: { turnNow: () => ({}) as never, inJournal: async () => undefined }, log: silent };
    const always = { ...parts, look: async () => undefined, isOwner: () => true, answer: () => undefined };
    expect(await answerTo(asked, always)).toBeUndefined();
    expect(await answerTo('no question', { ...always, answer: async () => 'yes' })).toBeUndefined();
  });
});
