import fc from 'fast-check';
import type { Caps, Draft, LeasedCall } from '@tollgate/events';
import {
  acquired,
  endedDisabled,
  endedFailed,
  HOUR,
  leased,
  MIDNIGHT,
  resolvedExecuted,
  resolvedFailed,
  SECOND,
} from './spec/calls.js';
import { BudgetStage } from './spec/given.js';

const CAPS: Caps = { maxActionsPerHour: 5, maxCallsPerTool: 4, maxSpendPerDay: 20 };

type Step =
  | { readonly does: 'arrive'; readonly tool: string; readonly cost: number }
  | { readonly does: 'look' | 'execute' | 'money back' | 'all back' | 'disable'; readonly which: number }
  | { readonly does: 'doubt'; readonly which: number }
  | { readonly does: 'resolve'; readonly which: number; readonly failed: boolean }
  | { readonly does: 'pass'; readonly ms: number };

const which = fc.nat(20);
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant('arrive'),
        tool: fc.constantFrom('pay', 'mail'),
        cost: fc.nat(12),
      }),
    },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('look'), which }) },
    {
      weight: 5,
      arbitrary: fc.record({ does: fc.constantFrom('execute', 'money back', 'all back', 'disable', 'doubt'), which }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('resolve'), which, failed: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('pass'), ms: fc.nat(HOUR) }) },
  ),
  { maxLength: 60 },
) as fc.Arbitrary<Step[]>;

interface Admission {
  readonly one: LeasedCall;
  readonly at: number;
  /** What it still counts for. */
  counts: boolean;
  money: boolean;
  open: 'running' | 'in doubt' | 'ended';
}

/** The budget as the contract puts it: a list of all admissions, added up anew each time. */
class Ledger {
  readonly admissions: Admission[] = [];

  used(tool: string, now: number) {
    const today = this.admissions.filter(({ at }) => dayOf(at) === dayOf(now));
    return {
      actions: this.admissions.filter(({ at, counts }) => counts && at > now - HOUR).length,
      calls: today.filter(({ one, counts }) => counts && one.call.tool === tool).length,
      spent: today.filter(({ money }) => money).reduce((sum, { one }) => sum + one.terms.cost, 0),
    };
  }

  fits({ call, terms }: LeasedCall, now: number): boolean {
    const { actions, calls, spent } = this.used(call.tool, now);
    return actions < 5 && calls < 4 && spent + terms.cost <= 20;
  }
}

const dayOf = (at: number): number => Math.floor(at / (24 * HOUR));

class World {
  readonly stage = new BudgetStage();
  readonly ledger = new Ledger();
  readonly looking: LeasedCall[] = [];
  now = MIDNIGHT - 3 * HOUR;
  private calls = 0;

  happen(step: Step): void {
    switch (step.does) {
      case 'arrive':
        this.arrive(leased(`call ${this.calls++}`, { tool: step.tool, cost: step.cost, caps: CAPS }));
        break;
      case 'look':
        this.look(step.which);
        break;
      case 'pass':
        this.now += step.ms;
        break;
      case 'execute':
        // An executed call needs no settling: no stage tells the budget of it.
        this.end('running', step.which, undefined, (one) => {
          one.open = 'ended';
        });
        break;
      case 'doubt':
        this.end('running', step.which, undefined, (one) => {
          one.open = 'in doubt';
        });
        break;
      case 'money back':
        this.end('running', step.which, ({ one }) => endedFailed(one, 'tool_error'), back('money'));
        break;
      case 'all back':
        this.end('running', step.which, ({ one }) => endedFailed(one, 'connect_failed'), back('all'));
        break;
      case 'disable':
        this.end('running', step.which, ({ one }) => endedDisabled(one), back('all'));
        break;
      case 'resolve': {
        const by = step.failed ? resolvedFailed : resolvedExecuted;
        this.end('in doubt', step.which, ({ one }) => by(one), step.failed ? back('all') : back('nothing'));
        break;
      }
    }
  }

  private arrive(one: LeasedCall): void {
    const fits = this.ledger.fits(one, this.now);
    const [decided] = this.stage.take(acquired(one), this.now);
    expect(decided?.type).toBe(fits ? 'budget-reserved' : 'cap-checking');
    if (fits) this.admitted(one);
    else this.looking.push(one);
  }

  private look(which: number): void {
    const [one] = this.looking.splice(which % Math.max(1, this.looking.length), 1);
    if (one === undefined) return;
    const fits = this.ledger.fits(one, this.now);
    const [decided] = this.stage.take({ looked: one.call.callId }, this.now);
    expect(decided?.type).toBe(fits ? 'budget-reserved' : 'blocked');
    if (fits) this.admitted(one);
    else this.promises(one, decided);
  }

  /** What is said of waiting is true: not a second later would it fit, unless something else happens. */
  private promises(one: LeasedCall, decided: Draft | undefined): void {
    const { cap } = (decided?.data as { outcome: { cap: { retryAfterSec: number | null } } }).outcome;
    if (cap.retryAfterSec === null) return;
    const soon = this.now + (cap.retryAfterSec - 1) * SECOND;
    expect(this.ledger.fits(one, soon)).toBe(false);
  }

  private admitted(one: LeasedCall): void {
    this.ledger.admissions.push({ one, at: this.now, counts: true, money: true, open: 'running' });
    const { actions, calls, spent } = this.ledger.used(one.call.tool, this.now);
    expect(actions <= 5 && calls <= 4 && spent <= 20).toBe(true);
  }

  private end(
    from: Admission['open'],
    which: number,
    input: ((one: Admission) => Draft) | undefined,
    change: (one: Admission) => void,
  ): void {
    const open = this.ledger.admissions.filter((one) => one.open === from);
    const one = open[which % Math.max(1, open.length)];
    if (one === undefined) return;
    if (input !== undefined) this.stage.take(input(one), this.now);
    change(one);
  }
}

const back =
  (what: 'all' | 'money' | 'nothing') =>
  (one: Admission): void => {
    one.open = 'ended';
    if (what !== 'nothing') one.money = false;
    if (what === 'all') one.counts = false;
  };

describe('in any interleaving of admissions, looks, endings and hours', () => {
  it('what is admitted never passes a cap, and nothing is refused that fits', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const step of all) world.happen(step);
      }),
      { numRuns: 500 },
    );
  });
});
