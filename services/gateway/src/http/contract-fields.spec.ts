import { agentId, body, id, jsonObject, money, scope, wholeNumberText, withoutNulls } from './contract-fields.js';

const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('ids', () => {
  it.each(['a', 'x'.repeat(256), '😀'.repeat(256), 'a b', 'a/b', '%', '..'])('take %j', (value) => {
    expect(takes(id, value)).toBe(true);
  });

  it.each(['', 'x'.repeat(257), '😀'.repeat(257), 'a\nb', '\u007f', '\u0085', 1, null])('refuse %j', (value) => {
    expect(takes(id, value)).toBe(false);
  });

  it.each(['a/b', 'a?b', 'a#b', 'a%b', 'a\\b', '.', '..'])('of agents refuse %j', (value) => {
    expect(takes(agentId, value)).toBe(false);
  });
});

it('scopes are global or of an agent', () => {
  expect(
    ['global', 'agent:billing', 'agent:', 'agent:a/b', 'all', 'tenant:x'].map((value) => takes(scope, value)),
  ).toEqual([true, true, false, false, false, false]);
});

it('money is between 0 and 1e9', () => {
  expect([0, 0.1, 1e9, -0.01, 1e9 + 1, '1'].map((value) => takes(money, value))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

it('whole numbers of a query keep to their limits', () => {
  const limit = wholeNumberText(1, 500);
  expect(['1', '500', '0', '501', '-1', '1.5', '', 'x', '1e2'].map((value) => takes(limit, value))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

describe('members that are null', () => {
  it("count as absent, but not in what is the caller's own", () => {
    const value = { a: null, nested: { b: null, c: 1 }, args: { d: null }, list: [{ e: null }] };
    expect(withoutNulls(value)).toEqual({ nested: { c: 1 }, args: { d: null }, list: [{}] });
  });

  it('count as absent when they are args themselves', () => {
    expect(body({ args: jsonObject.optional() }).parse({ args: null, other: 1 })).toEqual({});
  });
});
