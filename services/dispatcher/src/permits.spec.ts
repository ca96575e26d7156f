import { PERMIT_MS, Permits } from './permits.js';
import { HandClock } from './spec/hand-clock.js';

/** What a new owner waits before it can know that no permit of the old one is left. */
const INHERITED_MS = 3_000;
/** Long before what the clock says. */
const NO_EVENT = 0;

async function owning(): Promise<{ clock: HandClock; permits: Permits }> {
  const clock = new HandClock();
  const permits = new Permits(clock, NO_EVENT);
  await clock.pass(INHERITED_MS);
  return { clock, permits };
}

describe('a permit', () => {
  it('is good for a second from the decision, and for no longer', async () => {
    const { clock, permits } = await owning();
    permits.begin('in time', 'acme', 'billing');
    permits.begin('late', 'acme', 'billing');
    await clock.pass(PERMIT_MS);
    expect(permits.use('in time', clock.now())).toBe(true);
    await clock.pass(1);
    expect(permits.use('late', clock.now())).toBe(false);
  });

  it('is used once, and only by whom it was given to', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    expect([
      permits.use('other', clock.now()),
      permits.use('call', clock.now()),
      permits.use('call', clock.now()),
    ]).toEqual([false, true, false]);
  });

  it('runs out by the wall clock, where the process slept and the monotonic clock with it', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(PERMIT_MS + 1);
    expect(permits.use('call', clock.now())).toBe(false);
  });

  it('runs out by the monotonic clock, where the wall clock was set back', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(-500);
    await clock.pass(PERMIT_MS + 1);
    expect(permits.use('call', clock.now())).toBe(false);
  });

  it('is not used when the wall clock was set back by more than it lasts', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(-PERMIT_MS - 1);
    expect(permits.use('call', clock.now())).toBe(false);
  });

  it('runs out by the stamp that its request bears, where the clock was set back right behind the signature', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    expect(permits.use('call', clock.now() + PERMIT_MS + 1)).toBe(false);
  });

  it('that was dropped is not used', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    permits.drop('call');
    expect(permits.use('call', clock.now())).toBe(false);
  });
});

describe('the kill switch', () => {
  const watch = (promise: Promise<unknown>) => {
    const seen = { done: false };
    void promise.then(() => (seen.done = true));
    return seen;
  };

  it('is answered at once when the agent has no permit', async () => {
    const { clock, permits } = await owning();
    permits.begin('other agent', 'acme', 'support');
    permits.begin('other tenant', 'globex', 'billing');
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(1);
    expect(drained.done).toBe(true);
  });

  it('is answered when the permits before it were used', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(100);
    expect(drained.done).toBe(false);
    expect(permits.use('call', clock.now())).toBe(true);
    await clock.pass(20);
    expect(drained.done).toBe(true);
  });

  it('is answered when they have run out, and not sooner', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(PERMIT_MS);
    expect(drained.done).toBe(false);
    await clock.pass(20);
    expect(drained.done).toBe(true);
    expect(permits.use('call', clock.now())).toBe(false);
  });

  it('once answered, stays true when the wall clock goes forwards and back', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(PERMIT_MS + 1);
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(1);
    expect(drained.done).toBe(true);
    clock.setWall(-PERMIT_MS - 1);
    expect(permits.use('call', clock.now())).toBe(false);
  });

  it('does not wait for attempts that were decided behind it', async () => {
    const { clock, permits } = await owning();
    permits.begin('before', 'acme', 'billing');
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(500);
    permits.begin('behind', 'acme', 'billing');
    permits.use('before', clock.now());
    await clock.pass(20);
    expect(drained.done).toBe(true);
  });

  it('of a new owner first waits for the permits of the old one, and for how far its clock may have been off', async () => {
    const clock = new HandClock();
    const permits = new Permits(clock, NO_EVENT);
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(INHERITED_MS - 1);
    expect(drained.done).toBe(false);
    await clock.pass(2);
    expect(drained.done).toBe(true);
  });

  it('is not answered with a time before a stamp that was signed, also where the clock is set back behind it', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    const stamp = clock.now();
    expect(permits.use('call', stamp)).toBe(true);
    clock.setWall(-500);
    expect(await permits.drained('acme', 'billing')).toBe(stamp);
  });

  it('does not count the stamp of what was not sent', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    expect(permits.use('call', clock.now() + PERMIT_MS + 1)).toBe(false);
    expect(await permits.drained('acme', 'billing')).toBeLessThanOrEqual(clock.now());
  });

  it('of a new owner is not answered with a time before what the old one may have signed by its own clock', async () => {
    const clock = new HandClock();
    const lastAt = clock.now() + 5_000;
    const permits = new Permits(clock, lastAt);
    const answered = permits.drained('acme', 'billing');
    await clock.pass(INHERITED_MS);
    expect(await answered).toBe(lastAt + PERMIT_MS);
  });
});
