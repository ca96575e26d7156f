import { Places, takerOf, type Taker } from './places.js';
import { leased, one } from './spec/calls.js';

const taker = (id: string, tool = 'pay', tenant = 'acme'): Taker => ({
  id,
  callId: id,
  tenant,
  tool: `${tenant}/${tool}`,
});
const limits = { perTool: 2, perTenant: 3 };
const ids = (takers: readonly Taker[]): string[] => takers.map(({ id }) => id);
const [a, b, c, d] = [taker('a'), taker('b'), taker('c'), taker('d')];

describe('places', () => {
  it('are bounded for each tool', () => {
    const places = new Places(limits);
    expect([a, b, c].map((one) => places.take(one))).toEqual([true, true, false]);
    expect(places.take(taker('m', 'mail'))).toBe(true);
  });

  it('are bounded for each tenant over all of its tools, and no other tenant is kept from its own', () => {
    const places = new Places(limits);
    expect([a, b, taker('m', 'mail'), taker('n', 'note')].map((one) => places.take(one))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(places.take(taker('g', 'pay', 'globex'))).toBe(true);
  });

  it('are taken once by each call', () => {
    const places = new Places({ perTool: 1, perTenant: 1 });
    expect([places.take(a), places.take(a)]).toEqual([true, true]);
    places.release('a');
    expect(places.take(b)).toBe(true);
  });

  it('are taken by an attempt and by a question of one call apart, at the same tool', () => {
    const places = new Places({ perTool: 2, perTenant: 2 });
    const [attempt, question] = [
      takerOf('acme', one),
      takerOf('acme', one, { callId: 'call_1', attempt: 1, question: 1 }),
    ];
    expect([places.take(attempt), places.take(question), places.take(takerOf('acme', leased('b')))]).toEqual([
      true,
      true,
      false,
    ]);
    places.release(attempt.id);
    expect([places.take(question), places.take(takerOf('acme', leased('b')))]).toEqual([true, true]);
    expect(places.take(attempt)).toBe(false);
    places.release(question.id);
    expect(places.take(attempt)).toBe(true);
  });

  it('are given to those that wait in their order, as soon as there are any', () => {
    const places = new Places(limits);
    for (const one of [a, b]) places.take(one);
    for (const one of [c, d]) places.wait(one);
    expect(ids(places.admit())).toEqual([]);
    places.release('a');
    expect(ids(places.admit())).toEqual(['c']);
    expect(ids(places.admit())).toEqual([]);
    places.release('b');
    places.release('c');
    expect(ids(places.admit())).toEqual(['d']);
  });

  it('are not given twice to a call that has one, however often it asks', () => {
    const places = new Places(limits);
    places.wait(a);
    places.wait(a);
    expect(ids(places.admit())).toEqual(['a']);
    places.wait(a);
    expect(ids(places.admit())).toEqual([]);
  });

  it('are not given to a call that waits no more', () => {
    const places = new Places({ perTool: 1, perTenant: 1 });
    places.take(a);
    places.wait(b);
    places.release('b');
    places.release('a');
    expect(ids(places.admit())).toEqual([]);
  });

  it('that a call never had are not given back', () => {
    const places = new Places({ perTool: 1, perTenant: 1 });
    places.take(a);
    places.release('unknown');
    expect(places.take(b)).toBe(false);
  });

  it('go past a tool that is full to the next', () => {
    const places = new Places(limits);
    for (const one of [a, b]) places.take(one);
    places.wait(c);
    places.wait(taker('m', 'mail'));
    expect(ids(places.admit())).toEqual(['m']);
  });

  it('go to the tools of a tenant in turn: one with many that wait does not keep another from its place', () => {
    const places = new Places({ perTool: 10, perTenant: 1 });
    places.take(taker('first'));
    for (let n = 0; n < 5; n++) places.wait(taker(`pay ${n}`));
    places.wait(taker('mail 0', 'mail'));
    const order: string[] = [];
    for (let last = 'first'; order.length < 3; last = order.at(-1)!) {
      places.release(last);
      order.push(...ids(places.admit()));
    }
    expect(order).toEqual(['pay 0', 'mail 0', 'pay 1']);
  });
});
