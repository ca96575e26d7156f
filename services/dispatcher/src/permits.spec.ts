import { PERMIT_MS, Permits } from './permits.js';
import { HandClock } from './spec/hand-clock.js';

/** What a new owner waits before it can know that no permit of the old one is left. */
const INHERITED_MS = 2_000;

async function owning(): Promise<{ clock: HandClock; permits: Permits }> {
  const clock = new HandClock();
  const permits = new Permits(clock);
  await clock.pass(INHERITED_MS);
  return { clock, permits };
}

describe('a permit', () => {
  it('is good for a second from the decision, and for no longer', async () => {
    const { clock, permits } = await owning();
    permits.begin('in time', 'acme', 'billing');
    permits.begin('late', 'acme', 'billing');
    await clock.pass(PERMIT_MS);
    expect(permits.use('in time')).toBe(true);
    await clock.pass(1);
    expect(permits.use('late')).toBe(false);
  });

  it('is used once, and only by whom it was given to', async () => {
    const { permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    expect([permits.use('other'), permits.use('call'), permits.use('call')]).toEqual([false, true, false]);
  });

  it('runs out by the wall clock, where the process slept and the monotonic clock with it', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(PERMIT_MS + 1);
    expect(permits.use('call')).toBe(false);
  });

  it('runs out by the monotonic clock, where the wall clock was set back', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(-500);
    await clock.pass(PERMIT_MS + 1);
    expect(permits.use('call')).toBe(false);
  });

  it('is not used when the wall clock was set back by more than it lasts', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(-PERMIT_MS - 1);
    expect(permits.use('call')).toBe(false);
  });

  it('that was dropped is not used', async () => {
    const { permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    permits.drop('call');
    expect(permits.use('call')).toBe(false);
  });
});

describe('the kill switch', () => {
  const watch = (promise: Promise<void>) => {
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
    expect(permits.use('call')).toBe(true);
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
    expect(permits.use('call')).toBe(false);
  });

  it('once answered, stays true when the wall clock goes forwards and back', async () => {
    const { clock, permits } = await owning();
    permits.begin('call', 'acme', 'billing');
    clock.setWall(PERMIT_MS + 1);
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(1);
    expect(drained.done).toBe(true);
    clock.setWall(-PERMIT_MS - 1);
    expect(permits.use('call')).toBe(false);
  });

  it('does not wait for attempts that were decided behind it', async () => {
    const { clock, permits } = await owning();
    permits.begin('before', 'acme', 'billing');
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(500);
    permits.begin('behind', 'acme', 'billing');
    permits.use('before');
    await clock.pass(20);
    expect(drained.done).toBe(true);
  });

  it('of a new owner first waits for the permits of the old one, and for how far its clock may have been off', async () => {
    const clock = new HandClock();
    const permits = new Permits(clock);
    const drained = watch(permits.drained('acme', 'billing'));
    await clock.pass(INHERITED_MS - 1);
    expect(drained.done).toBe(false);
    await clock.pass(2);
    expect(drained.done).toBe(true);
  });
});
