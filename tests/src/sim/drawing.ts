import type { Action, When, Whom } from './action.js';
import { drawManner } from './client-plan.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';
import type { CallWish } from './sim-gateway.js';
import type { StageName } from './sim-stage.js';

/** A plan under way: what every kind of thing that happens is drawn with. */
export class Drawing {
  readonly actions: Action[] = [];
  private calls = 0;

  constructor(
    readonly random: Random,
    readonly scenario: Scenario,
  ) {}

  call(when: When): void {
    const { random } = this;
    const wish = this.wish();
    this.add({ does: 'call', when, gateway: random.int(0, 1), wish });
    // A client that repeats itself.
    if (random.chance(0.15)) {
      const again = { ...when, plusMs: when.plusMs + random.next() * 3_000 };
      const repeat = { ...wish, callId: `call-${++this.calls}` };
      this.add({ does: 'call', when: again, gateway: random.int(0, 1), wish: repeat });
    }
  }

  wish(): CallWish {
    const { random } = this;
    const { tenants, agents, tools, args } = this.scenario;
    return {
      callId: `call-${++this.calls}`,
      tenant: random.pick(tenants),
      agent: random.pick(agents),
      tool: random.pick(tools).name,
      args: random.pick(args),
      keyId: random.chance(0.8) ? 'key' : 'spare key',
      ...drawManner(random),
    };
  }

  whom(at: StageName | undefined): Whom {
    const { random } = this;
    const stage = at !== undefined && random.chance(0.8) ? at : random.pick(this.scenario.focus);
    return { stage, partition: this.partition(), who: random.chance(0.8) ? 'owner' : 'anybody' };
  }

  partition(): number {
    return this.random.int(0, this.scenario.partitions - 1);
  }

  add(action: Action): void {
    this.actions.push(action);
  }
}
