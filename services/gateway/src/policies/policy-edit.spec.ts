import type { PolicyDocument } from '@tollgate/events';
import { mergedRules, nextPolicy, policyAnswer } from './policy-edit.js';
import { policyBody } from './policy.schema.js';

const sent = (value: object) => policyBody.parse(value);
const stored: PolicyDocument = {
  agent: 'a',
  version: 3,
  updatedAt: 0,
  allowedTools: ['search', 'mail'],
  maxSpendPerDay: 480_000_000,
  maxCallsPerTool: [{ tool: 'mail', calls: 5 }],
};

describe('given a stored policy, when fields are posted', () => {
  it('what was not sent stays', () => {
    expect(mergedRules(stored, sent({ max_spend_usd_per_day: 10.5 }))).toEqual({
      allowedTools: ['search', 'mail'],
      maxSpendPerDay: 10_500_000,
      maxCallsPerTool: [{ tool: 'mail', calls: 5 }],
    });
  });

  it.each([{ allowed_tools: null }, { allowed_tools: [] }])('%j clears', (body) => {
    expect(mergedRules(stored, sent(body))).not.toHaveProperty('allowedTools');
  });

  it('an empty table of calls clears, and so does null for the spend', () => {
    expect(mergedRules(stored, sent({ max_calls_per_tool: {}, max_spend_usd_per_day: null }))).toEqual({
      allowedTools: ['search', 'mail'],
    });
  });

  it('a repeat is no new version', () => {
    expect(nextPolicy('a', stored, mergedRules(stored, sent({ max_spend_usd_per_day: 480 })), 9)).toBe(stored);
  });

  it('a change is the next version', () => {
    expect(nextPolicy('a', stored, mergedRules(stored, sent({ max_actions_per_hour: 0 })), 9)).toMatchObject({
      agent: 'a',
      version: 4,
      updatedAt: 9,
      maxActionsPerHour: 0,
    });
  });
});

it('the mode is a member like any other', () => {
  expect(mergedRules(stored, sent({ mode: 'observe' }))).toMatchObject({
    mode: 'observe',
    maxSpendPerDay: 480_000_000,
  });
  const observing = { ...stored, mode: 'observe' as const };
  expect(mergedRules(observing, sent({ max_actions_per_hour: 1 }))).toMatchObject({ mode: 'observe' });
  expect(mergedRules(observing, sent({ mode: null }))).not.toHaveProperty('mode');
  expect(policyAnswer(observing).policy).toMatchObject({ mode: 'observe' });
  expect(policyBody.safeParse({ mode: 'watch' }).success).toBe(false);
});

it('a replacement starts from nothing', () => {
  expect(mergedRules(undefined, sent({ blocked_tools: ['x', 'x'] }))).toEqual({ blockedTools: ['x'] });
});

it('money on the wire is dollars, inside micro-dollars', () => {
  const rules = mergedRules(
    undefined,
    sent({ pricing_rules: [{ tool: 'gpt', price_usd: 0.0000001 }], max_spend_usd_per_day: 0 }),
  );
  expect(rules).toEqual({ maxSpendPerDay: 0, pricingRules: [{ tool: 'gpt', price: 1 }] });
  expect(policyAnswer({ agent: 'a', version: 1, updatedAt: 0, ...rules })).toEqual({
    agent_id: 'a',
    policy: { max_spend_usd_per_day: 0, pricing_rules: [{ tool: 'gpt', price_usd: 0.000001 }] },
    version: 1,
    updated_at: '1970-01-01T00:00:00.000Z',
  });
});

describe('a policy is refused', () => {
  it.each([
    { allowed_tools: 'search' },
    { allowed_tools: [''] },
    { allowed_tools: [null] },
    { allowed_tools: Array.from({ length: 1001 }, (_, i) => `t${i}`) },
    { max_actions_per_hour: -1 },
    { max_actions_per_hour: 1.5 },
    { max_spend_usd_per_day: -0.01 },
    { max_spend_usd_per_day: '10' },
    { max_calls_per_tool: { mail: 0 } },
    { max_calls_per_tool: [] },
    { pricing_rules: [{ tool: 'x' }] },
    { pricing_rules: [{ tool: 'x', price_usd: null }] },
    [],
  ])('%j', (body) => {
    expect(policyBody.safeParse(body).success).toBe(false);
  });

  it('but not for a member that is null inside a table', () => {
    expect(sent({ max_calls_per_tool: { mail: null } })).toEqual({ max_calls_per_tool: {} });
  });
});
