import type { LeasedCall, Reason } from '@tollgate/events';
import { budgetStage } from './budget.stage.js';
import {
  acquired,
  checking,
  DEADLINE,
  endedDisabled,
  endedFailed,
  expired,
  HOUR,
  leased,
  MIDNIGHT,
  NOON,
  refused,
  released,
  reserved,
  resolvedExecuted,
  resolvedFailed,
  saidOf,
  SECOND,
  TENANT,
  USD,
  type CallChanges,
} from './spec/calls.js';
import { at, given, type Past } from './spec/given.js';

const perHour = (maxActionsPerHour: number, change: CallChanges = {}) => ({ ...change, caps: { maxActionsPerHour } });
const perTool = (maxCallsPerTool: number, change: CallChanges = {}) => ({ ...change, caps: { maxCallsPerTool } });
const perDay = (maxSpendPerDay: number, cost: number) => ({ cost, caps: { maxSpendPerDay } });
const one = leased('one');

/** The same call before and after its look, so that each refusal is seen with what made it. */
function refusedBy(
  past: readonly Past[],
  call: LeasedCall,
  now: number,
  reason: Reason,
  limit: number,
  remaining: number,
  retryAfterSec: number | null,
): void {
  given(...past)
    .when(acquired(call), now)
    .then(checking(call));
  given(...past, at(now, checking(call)))
    .when({ looked: call.call.callId }, now)
    .then(refused(call, reason, limit, remaining, retryAfterSec));
}

const admitted = (past: readonly Past[], call: LeasedCall, now: number): void => {
  given(...past)
    .when(acquired(call), now)
    .then(reserved(call));
};

describe('a call without caps', () => {
  it('is admitted, however much was used', () => {
    given(reserved(one))
      .when(acquired(leased('two')))
      .then(reserved(leased('two')));
  });
});

describe('actions per hour', () => {
  const past = [at(NOON, reserved(leased('a'))), at(NOON + SECOND, reserved(leased('b')))];

  it('are admitted up to the cap and not beyond it', () => {
    admitted(past, leased('c', perHour(3)), NOON + SECOND);
    refusedBy(past, leased('c', perHour(2)), NOON + SECOND, 'max_actions_per_hour_exceeded', 2, 0, 3_599);
  });

  it('count for exactly 60 minutes', () => {
    refusedBy(past, leased('c', perHour(2)), NOON + HOUR - 1, 'max_actions_per_hour_exceeded', 2, 0, 1);
    admitted(past, leased('c', perHour(2)), NOON + HOUR);
  });

  it('say when enough of them have left, also under a cap that was lowered', () => {
    refusedBy(past, leased('c', perHour(1)), NOON + SECOND, 'max_actions_per_hour_exceeded', 1, 0, 3_600);
    admitted(past, leased('c', perHour(1)), NOON + SECOND + HOUR);
  });

  it('of a cap of 0 are never admitted: waiting does not help', () => {
    refusedBy([], leased('c', perHour(0)), NOON, 'max_actions_per_hour_exceeded', 0, 0, null);
  });

  it('go on over midnight', () => {
    const late = [at(MIDNIGHT - SECOND, reserved(leased('a')))];
    refusedBy(late, leased('c', perHour(1)), MIDNIGHT, 'max_actions_per_hour_exceeded', 1, 0, 3_599);
  });

  it('are those of this agent of this tenant', () => {
    admitted(past, leased('c', perHour(1, { agent: 'support' })), NOON);
    const { stage } = given(...past);
    const other = leased('c', perHour(1));
    const decided = stage.decide({ ...acquired(other), tenant: 'globex' });
    expect(decided).toEqual([{ ...reserved(other), tenant: 'globex' }]);
  });
});

describe('calls of a tool per day', () => {
  const past = [at(NOON, reserved(leased('a'))), at(NOON, reserved(leased('b', { tool: 'refund' })))];

  it('are admitted up to the cap and not beyond it, each tool by itself', () => {
    admitted(past, leased('c', perTool(2)), NOON);
    refusedBy(past, leased('c', perTool(1)), NOON, 'max_calls_per_tool_exceeded', 1, 0, 12 * 3_600);
    admitted(past, leased('c', perTool(1, { tool: 'mail' })), NOON);
  });

  it('begin anew at midnight UTC, not before', () => {
    refusedBy(past, leased('c', perTool(1)), MIDNIGHT - 1, 'max_calls_per_tool_exceeded', 1, 0, 1);
    admitted(past, leased('c', perTool(1)), MIDNIGHT);
  });
});

describe('spend per day', () => {
  const past = [at(NOON, reserved(leased('a', { cost: 6 * USD })))];

  it('is admitted up to the last micro-dollar and not beyond it', () => {
    admitted(past, leased('c', perDay(10 * USD, 4 * USD)), NOON);
    refusedBy(
      past,
      leased('c', perDay(10 * USD, 4 * USD + 1)),
      NOON,
      'max_spend_usd_per_day_exceeded',
      10 * USD,
      4 * USD,
      12 * 3_600,
    );
  });

  it('is never admitted where one call costs more than the day: waiting does not help', () => {
    refusedBy([], leased('c', perDay(USD, 2 * USD)), NOON, 'max_spend_usd_per_day_exceeded', USD, USD, null);
  });

  it('of a $0 budget lets free calls pass, and no other', () => {
    admitted([], leased('c', perDay(0, 0)), NOON);
    refusedBy([], leased('c', perDay(0, 1)), NOON, 'max_spend_usd_per_day_exceeded', 0, 0, null);
  });

  it('has nothing left, not less, under a cap that was lowered', () => {
    refusedBy(past, leased('c', perDay(USD, USD)), NOON, 'max_spend_usd_per_day_exceeded', USD, 0, 12 * 3_600);
  });

  it('begins anew at midnight UTC, not before', () => {
    const call = leased('c', perDay(10 * USD, 5 * USD));
    refusedBy(past, call, MIDNIGHT - 1, 'max_spend_usd_per_day_exceeded', 10 * USD, 4 * USD, 1);
    admitted(past, call, MIDNIGHT);
  });
});

describe('the first cap that a call would pass', () => {
  it('is named, in the order hour, tool, spend', () => {
    const past = [at(NOON, reserved(leased('a', { cost: USD })))];
    const caps = { maxActionsPerHour: 1, maxCallsPerTool: 1, maxSpendPerDay: USD };
    const call = (given: object) => leased('c', { cost: 1, caps: given });
    refusedBy(past, call(caps), NOON, 'max_actions_per_hour_exceeded', 1, 0, 3_600);
    refusedBy(past, call({ ...caps, maxActionsPerHour: 2 }), NOON, 'max_calls_per_tool_exceeded', 1, 0, 12 * 3_600);
    refusedBy(
      past,
      call({ maxActionsPerHour: 2, maxCallsPerTool: 2, maxSpendPerDay: USD }),
      NOON,
      'max_spend_usd_per_day_exceeded',
      USD,
      0,
      12 * 3_600,
    );
  });
});

describe('a refusal', () => {
  const call = leased('c', perHour(1));
  const past = [reserved(one), checking(call)];

  it('is looked at again, and falls when something was given back meanwhile', () => {
    given(...past, released(one, 'all'))
      .when({ looked: 'c' })
      .then(reserved(call));
  });

  it('falls when the hour has passed meanwhile', () => {
    given(...past)
      .when({ looked: 'c' }, NOON + HOUR)
      .then(reserved(call));
  });

  it('is decided once', () => {
    const { stage } = given(...past);
    expect(stage.take({ looked: 'c' })).toHaveLength(1);
    expect(stage.take({ looked: 'c' })).toEqual([]);
    given().when({ looked: 'unknown' }).then();
  });

  it('reserves nothing: a smaller call may pass it by', () => {
    const cheap = leased('cheap', perDay(10, 4));
    given(reserved(leased('a', { cost: 6 })), checking(leased('dear', perDay(10, 5))))
      .when(acquired(cheap))
      .then(reserved(cheap));
  });
});

describe('the deadline of a call', () => {
  it('ends it expired, before and after the look', () => {
    given()
      .when(acquired(one), NOON + DEADLINE)
      .then(expired(one));
    const call = leased('c', perHour(0));
    given(checking(call))
      .when({ looked: 'c' }, NOON + DEADLINE)
      .then(expired(call));
  });
});

describe('what an ending gives back', () => {
  const dear = leased('dear', { cost: 6 * USD });
  const past = [at(NOON, reserved(dear))];

  it.each(['connect_failed', 'refused', 'address_refused', 'expired', 'internal_error', 'timeout'] as const)(
    'is everything of a call that ended %s: it was not done, or counts as such',
    (code) => {
      given(...past)
        .when(endedFailed(dear, code))
        .then(released(dear, 'all'));
    },
  );

  it('is everything of a call whose agent was disabled meanwhile', () => {
    given(...past)
      .when(endedDisabled(dear))
      .then(released(dear, 'all'));
  });

  it('is the money of the tool’s own error', () => {
    given(...past)
      .when(endedFailed(dear, 'tool_error'))
      .then(released(dear, 'money'));
  });

  it('is everything of a call resolved as failed, nothing of one resolved as executed', () => {
    given(...past)
      .when(resolvedFailed(dear))
      .then(released(dear, 'all'));
    given(...past)
      .when(resolvedExecuted(dear))
      .then();
  });

  it('is everything of a call that an operator says was not done, whose end could not be read (rule 14)', () => {
    given(...past)
      .when(saidOf(dear, 'failed'))
      .then(released(dear, 'all'));
    for (const kept of [saidOf(dear, 'executed'), saidOf(dear, 'nothing'), saidOf(dear, 'failed', 'still_open')]) {
      given(...past)
        .when(kept)
        .then();
    }
    given(...past, released(dear, 'all'))
      .when(saidOf(dear, 'failed'))
      .then();
  });

  it('is given back once', () => {
    given(...past, released(dear, 'all'))
      .when(endedFailed(dear, 'timeout'))
      .then();
    given(...past, released(dear, 'money'))
      .when(resolvedFailed(dear))
      .then();
  });

  it('is nothing of a call that reserved nothing, or whose windows have passed', () => {
    given().when(endedFailed(dear, 'timeout')).then();
    given(...past, at(MIDNIGHT + 2 * HOUR, reserved(one)))
      .when(resolvedFailed(dear), MIDNIGHT + 2 * HOUR)
      .then();
  });
});

describe('after a release', () => {
  const dear = leased('dear', { cost: 6 * USD });
  const capped = (caps: object, cost = 0) => leased('next', { cost, caps });

  it('of everything, the hour, the tool and the money have room again', () => {
    const past = [at(NOON, reserved(dear)), at(NOON + SECOND, released(dear, 'all'))];
    admitted(past, capped({ maxActionsPerHour: 1, maxCallsPerTool: 1, maxSpendPerDay: USD }, USD), NOON + SECOND);
  });

  it('of the money, the money has room, the counts do not', () => {
    const past = [at(NOON, reserved(dear)), at(NOON + SECOND, released(dear, 'money'))];
    admitted(past, capped({ maxSpendPerDay: USD }, USD), NOON + SECOND);
    refusedBy(past, capped({ maxActionsPerHour: 1 }), NOON + SECOND, 'max_actions_per_hour_exceeded', 1, 0, 3_599);
    refusedBy(past, capped({ maxCallsPerTool: 1 }), NOON + SECOND, 'max_calls_per_tool_exceeded', 1, 0, 43_199);
  });

  it('over midnight, only the hour has room again: the new day was never charged', () => {
    const past = [at(MIDNIGHT - SECOND, reserved(dear)), at(MIDNIGHT, released(dear, 'all'))];
    const day = [...past, at(MIDNIGHT, reserved(leased('today', { cost: USD })))];
    admitted(past, capped({ maxActionsPerHour: 1 }), MIDNIGHT);
    admitted(day, capped({ maxSpendPerDay: 2 * USD, maxCallsPerTool: 2 }, USD), MIDNIGHT);
    refusedBy(
      day,
      capped({ maxSpendPerDay: 2 * USD }, USD + 1),
      MIDNIGHT,
      'max_spend_usd_per_day_exceeded',
      2 * USD,
      USD,
      86_400,
    );
    refusedBy(day, capped({ maxCallsPerTool: 1 }), MIDNIGHT, 'max_calls_per_tool_exceeded', 1, 0, 86_400);
  });
});

describe('an input that cannot be read', () => {
  it('ends an admission, and leaves the money of a call that was admitted', () => {
    const { stage } = given(reserved(one));
    const parked = ({ call }: LeasedCall) => budgetStage.parked(stage.state, call, NOON, TENANT);
    expect(parked(leased('new')).map(({ type }) => type)).toEqual(['failed']);
    expect(parked(one)).toEqual([]);
  });
});

describe('a policy that observes (contract section 4)', () => {
  const observed = (callId: string) => leased(callId, perTool(1, { mode: 'observe' }));
  const noted = (call: LeasedCall, wouldBlock: Reason): LeasedCall => ({ ...call, call: { ...call.call, wouldBlock } });
  const past = [at(NOON, reserved(leased('a')))];

  it('admits what fits without a word', () => {
    given()
      .when(acquired(observed('b')))
      .then(reserved(observed('b')));
  });

  it('looks as long as a refusal would be looked at, then admits the call and says which cap it passed', () => {
    given(...past)
      .when(acquired(observed('b')))
      .then(checking(observed('b')));
    given(...past, at(NOON, checking(observed('b'))))
      .when({ looked: 'b' })
      .then(reserved(noted(observed('b'), 'max_calls_per_tool_exceeded')));
  });

  it('keeps the reason that came first', () => {
    const call = noted(observed('b'), 'tool_explicitly_blocked');
    given(...past, at(NOON, checking(call)))
      .when({ looked: 'b' })
      .then(reserved(call));
  });

  it('counts what it admits: a policy that enforces again finds it there', () => {
    const both = [...past, at(NOON, reserved(noted(observed('b'), 'max_calls_per_tool_exceeded')))];
    refusedBy(both, leased('c', perTool(2)), NOON, 'max_calls_per_tool_exceeded', 2, 0, 12 * 3_600);
    admitted(both, leased('c', perTool(3)), NOON);
  });
});
