import { bearerToken, covers, mustCover, type Caller } from './caller.js';

const agentKey = (...agents: string[]): Caller => ({ tenant: 't', keyId: 'k', role: 'agent', agents });

describe('what a key covers', () => {
  it('an admin key covers every agent', () => {
    expect(covers({ tenant: 't', keyId: 'k', role: 'admin', agents: [] }, 'any')).toBe(true);
  });

  it('an agent key covers the agents it names, all of them only by a written-out star', () => {
    expect([covers(agentKey('a'), 'a'), covers(agentKey('a'), 'A'), covers(agentKey('*'), 'b')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('anything else is forbidden', () => {
    expect(() => mustCover(agentKey('a'), 'b')).toThrow(expect.objectContaining({ status: 403 }));
  });
});

describe('the bearer token', () => {
  it.each([
    ['Bearer tg_live_x', 'tg_live_x'],
    ['bearer   x=.~', 'x=.~'],
  ])('of %s is %s', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic eA==', 'Bearer a b', 'xBearer a'])(
    'of %j is missing',
    (header) => {
      expect(bearerToken(header)).toBeUndefined();
    },
  );
});
