import {
  blocked,
  blockedOutcome,
  failed,
  failedOutcome,
  policyPassed,
  refusedOutcome,
  type CallHeader,
  type DataOf,
  type Draft,
  type Reason,
  type Terms,
} from '@tollgate/events';
import {
  agentIsDisabled,
  completed,
  CONFIGURED,
  DEADLINE,
  keyIs,
  keyIsRevoked,
  NOON,
  policyIs,
  request,
  SECOND,
  TENANT,
  toolIs,
} from './spec/calls.js';
import { given } from './spec/given.js';

type Refusal = Parameters<typeof refusedOutcome>[0];

const passes = (terms: Partial<Terms> = {}, call: CallHeader = completed(), args = request().args): Draft =>
  policyPassed.draft(TENANT, {
    call,
    terms: { scope: 'global', cost: 0, caps: {}, dedupHash: 'all arguments', windowSec: 86_400, ...terms },
    args,
  });
const blocks = (reason: Reason, call = completed()): Draft =>
  blocked.draft(TENANT, { call, outcome: blockedOutcome(reason) });
const refuses = (reason: Refusal, call = completed()): Draft =>
  failed.draft(TENANT, { call, outcome: refusedOutcome(reason) });
const termsOf = (...[input]: Parameters<ReturnType<typeof given>['when']>) => ({
  under: (...config: readonly Draft[]): Terms => {
    const [passed] = given(...config).when(input).decided;
    return (passed?.data as DataOf<typeof policyPassed>).terms;
  },
});

describe('a call that nothing forbids', () => {
  it('passes with its terms, its times by the broker and an id for its request', () => {
    given(...CONFIGURED)
      .when(request())
      .then(passes());
  });

  it('is decided once, however often CALLS holds it', () => {
    given(...CONFIGURED, passes())
      .when(request())
      .then();
    given(...CONFIGURED, blocks('agent_disabled'))
      .when(request())
      .then();
    given(...CONFIGURED, refuses('tool_not_found'))
      .when(request())
      .then();
  });

  it('is given 15 minutes from the stamp of the broker, not from this clock', () => {
    const stampMs = NOON - 10 * SECOND;
    const call = completed({ requestedAt: stampMs, deadline: stampMs + DEADLINE });
    given(...CONFIGURED)
      .when(request(), { stampMs })
      .then(passes({}, call));
  });

  it('has large arguments pointed at where they lie in CALLS', () => {
    const args = { callId: 'call_1', inline: { k: 'k', b: 'x'.repeat(9_000) } };
    const place = { stream: 'CALLS-0', seq: 5, index: 0 };
    given(...CONFIGURED)
      .when(request({ args }))
      .then(passes({}, completed(), { callId: 'call_1', place }));
  });
});

describe('a call that is too late', () => {
  it('ends expired, whatever else would be said of it', () => {
    const expired = failed.draft(TENANT, { call: completed(), outcome: failedOutcome('expired') });
    given(...CONFIGURED, agentIsDisabled())
      .when(request(), { now: NOON + DEADLINE })
      .then(expired);
    given(...CONFIGURED)
      .when(request(), { now: NOON + DEADLINE - 1 })
      .then(passes());
  });
});

describe('the key of a call', () => {
  const invalid = refuses('invalid_api_key');

  it('is refused when it was revoked meanwhile, is unknown or another tenant’s', () => {
    given(...CONFIGURED, keyIsRevoked())
      .when(request())
      .then(invalid);
    given(policyIs(), toolIs()).when(request()).then(invalid);
    given(keyIs({}, 'globex'), policyIs(), toolIs()).when(request()).then(invalid);
  });

  it('is good until it expires, by the stamp of the broker', () => {
    const past = given(keyIs({ expiresAt: NOON }), policyIs(), toolIs());
    past
      .when(request(), { stampMs: NOON - 1 })
      .then(passes({}, completed({ requestedAt: NOON - 1, deadline: NOON - 1 + DEADLINE })));
    past.when(request()).then(invalid);
  });
});

describe('the rules', () => {
  it('block before they refuse, in the order agent, block list, allow list, tool', () => {
    const lists = policyIs({ blockedTools: ['pay'], allowedTools: ['mail'] });
    const disabledTool = toolIs({ enabled: false });
    const key = keyIs();
    given(key, lists, disabledTool, agentIsDisabled()).when(request()).then(blocks('agent_disabled'));
    given(key, lists, disabledTool).when(request()).then(blocks('tool_explicitly_blocked'));
    given(key, policyIs({ allowedTools: ['mail'] }), disabledTool)
      .when(request())
      .then(blocks('tool_not_in_allowed_list'));
    given(key, policyIs(), disabledTool).when(request()).then(refuses('tool_disabled'));
    given(key, policyIs()).when(request()).then(refuses('tool_not_found'));
  });

  it('without a policy let an admin key pass, and no version is named', () => {
    const call = completed();
    delete call.policyVersion;
    const config = [keyIs({ role: 'admin' }), toolIs()];
    given(...config)
      .when(request({ role: 'admin' }))
      .then(passes({}, call));
    given(...config)
      .when(request({ role: 'admin' }), { settings: { noPolicyAdmin: 'deny' } })
      .then(blocks('tool_not_in_allowed_list', call));
    given(...config)
      .when(request())
      .then(blocks('tool_not_in_allowed_list', call));
  });
});

describe('the tool of a call', () => {
  const own = toolIs({ scope: 'agent:billing', dedupWindowSec: 60 });

  it('is looked up in the scope of the agent first, then globally', () => {
    given(...CONFIGURED, own)
      .when(request())
      .then(passes({ scope: 'agent:billing', windowSec: 60 }));
    given(...CONFIGURED, toolIs({ scope: 'agent:support' }))
      .when(request())
      .then(passes());
  });

  it('is decided by the first found, also when it is disabled', () => {
    given(...CONFIGURED, toolIs({ scope: 'agent:billing', enabled: false }))
      .when(request())
      .then(refuses('tool_disabled'));
  });

  it('is never another tenant’s', () => {
    given(keyIs(), policyIs(), toolIs({}, 'globex')).when(request()).then(refuses('tool_not_found'));
  });
});

describe('the cost of a call', () => {
  const priced = (price: number) => policyIs({ pricingRules: [{ tool: 'pay', price }] });

  it.each([
    ['the pricing rule where it is higher', 500, 200, 500],
    ['what the caller says where that is higher', 200, 500, 500],
    ['nothing where nobody says anything', 0, 0, 0],
  ])('is %s', (_what, price, spend, cost) => {
    expect(termsOf(request({ spend })).under(...CONFIGURED, priced(price)).cost).toBe(cost);
  });

  it('is that of the last rule for the tool', () => {
    const rules = [
      { tool: 'pay', price: 9 },
      { tool: 'pay', price: 3 },
      { tool: 'mail', price: 7 },
    ];
    expect(termsOf(request()).under(...CONFIGURED, policyIs({ pricingRules: rules })).cost).toBe(3);
  });
});

describe('the caps of a call', () => {
  it('are those of its policy and its tool, also where they are 0', () => {
    const maxCallsPerTool = [
      { tool: 'mail', calls: 1 },
      { tool: 'pay', calls: 4 },
    ];
    const policy = policyIs({ maxActionsPerHour: 0, maxSpendPerDay: 0, maxCallsPerTool });
    expect(termsOf(request()).under(...CONFIGURED, policy).caps).toEqual({
      maxActionsPerHour: 0,
      maxSpendPerDay: 0,
      maxCallsPerTool: 4,
    });
  });
});

describe('a policy that observes', () => {
  const observing = policyIs({ mode: 'observe', blockedTools: ['pay'], maxActionsPerHour: 1 });

  it('passes on what it would block, which says so, under caps that only observe', () => {
    const [passed] = given(...CONFIGURED, observing).when(request()).decided;
    expect(passed?.data).toMatchObject({
      call: { wouldBlock: 'tool_explicitly_blocked' },
      terms: { mode: 'observe', caps: { maxActionsPerHour: 1 } },
    });
  });

  it('says what it would have done of a tool that there is none of, too', () => {
    const [ended] = given(keyIs(), observing).when(request()).decided;
    expect(ended).toMatchObject({ type: 'failed', data: { call: { wouldBlock: 'tool_explicitly_blocked' } } });
  });
});

describe('what counts for deduplication', () => {
  const withRunId = request({ hashWithoutRunId: 'without run_id' });

  it('is all arguments but a transported run_id', () => {
    expect(termsOf(withRunId).under(...CONFIGURED).dedupHash).toBe('without run_id');
    expect(termsOf(request()).under(...CONFIGURED).dedupHash).toBe('all arguments');
  });

  it('is the run_id, too, where the tool says that it is an argument', () => {
    expect(termsOf(withRunId).under(...CONFIGURED, toolIs({ runIdIsArgument: true })).dedupHash).toBe('all arguments');
  });

  it('is told of an idempotency key that the caller gave', () => {
    const given = request({ idempotencyHash: 'order-1' });
    expect(termsOf(given).under(...CONFIGURED).idempotencyHash).toBe('order-1');
    expect(termsOf(request()).under(...CONFIGURED)).not.toHaveProperty('idempotencyHash');
  });
});
