import { mustKnow, namedTools } from './unknown-tools.js';

describe('tools that a policy names', () => {
  it('are those of every member, once', () => {
    const sent = {
      allowed_tools: ['a', 'b'],
      blocked_tools: ['b', 'c'],
      max_calls_per_tool: { d: 1 },
      pricing_rules: [{ tool: 'e', price_usd: 1 }],
    };
    expect(namedTools(sent)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(namedTools({ allowed_tools: null, max_actions_per_hour: 5 })).toEqual([]);
  });

  it('that nobody registered are named in the refusal', () => {
    const check = () => {
      mustKnow(['a', 'b', 'c'], (tool) => tool === 'b');
    };
    expect(check).toThrow(
      expect.objectContaining({
        status: 400,
        detail: expect.objectContaining({ error: 'unknown_tools', tools: ['a', 'c'] }),
      }),
    );
    mustKnow(['b'], (tool) => tool === 'b');
  });
});
