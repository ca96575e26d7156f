import { DEFAULT_PLANS, Plans } from '@tollgate/events';
import { trimmedTo } from './trimmed-policy.js';

const plans = new Plans(DEFAULT_PLANS, 'unlimited');
const lists = { agent_id: 'a', allowed_tools: ['x'], blocked_tools: ['y'] };
const caps = { max_actions_per_hour: 0, max_spend_usd_per_day: 2, max_calls_per_tool: { x: 1 } };
const pricing = { pricing_rules: [{ tool: 'x', price_usd: 1 }] };

describe('contract 9: of a policy as sent', () => {
  it.each([
    ['free', lists],
    ['starter', { ...lists, ...caps }],
    ['pro', { ...lists, ...caps, ...pricing }],
    ['agency', { ...lists, ...caps, ...pricing }],
    ['unlimited', { ...lists, ...caps, ...pricing }],
  ])('%s takes %j', (plan, taken) => {
    expect(trimmedTo(plans.of(plan), { ...lists, ...caps, ...pricing })).toEqual(taken);
  });

  it.each([{ max_actions_per_hour: null }, { max_calls_per_tool: {} }, { pricing_rules: [] }])(
    'every plan takes what clears a member: %j',
    (sent) => {
      expect(trimmedTo(plans.of('free'), sent)).toEqual(sent);
    },
  );
});
