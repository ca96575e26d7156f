import fc from 'fast-check';
import { Actions } from './actions.js';

describe('the actions of a rolling window', () => {
  it('are counted, forgotten and given back as a plain list would do it', () => {
    const command = fc.oneof(
      fc.record({ does: fc.constant('add' as const), after: fc.nat(3) }),
      fc.record({ does: fc.constant('give back' as const), which: fc.nat(30) }),
      fc.record({ does: fc.constant('forget' as const), age: fc.nat(10) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const actions = new Actions();
        let list: { callId: string; at: number }[] = [];
        let now = 0;
        for (const [n, one] of commands.entries()) {
          if (one.does === 'add') {
            now += one.after;
            actions.add(`call ${n}`, now);
            list.push({ callId: `call ${n}`, at: now });
          } else if (one.does === 'give back') {
            actions.giveBack(`call ${one.which}`);
            list = list.filter(({ callId }) => callId !== `call ${one.which}`);
          } else {
            const gone = list.filter(({ at }) => at <= now - one.age);
            expect(actions.forget(now - one.age)).toEqual(gone.map(({ callId }) => callId));
            list = list.filter(({ at }) => at > now - one.age);
          }
          for (const since of [now - 5, now - 1, now]) {
            expect(actions.countSince(since)).toBe(list.filter(({ at }) => at > since).length);
          }
          for (const count of [1, 2, 5]) expect(actions.nthNewest(count)).toBe(list.at(-count)?.at);
        }
      }),
    );
  });

  it('cost the same however many there are', () => {
    const actions = new Actions();
    for (let n = 0; n < 200_000; n++) actions.add(`${n}`, n);
    const counts = new Set<number>();
    const began = performance.now();
    for (let n = 200_000; n < 210_000; n++) {
      actions.add(`${n}`, n);
      actions.forget(n - 200_000);
      counts.add(actions.countSince(n - 200_000));
    }
    expect([...counts]).toEqual([200_000]);
    // Walking over all of them would take minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
