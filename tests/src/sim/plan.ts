import { POINTS, type Action, type When } from './action.js';
import { Drawing } from './drawing.js';
import { cutBack, duel, poison, setBack, storm } from './meetings.js';
import type { Random } from './random.js';
import { drawCaps, PRICE, type Scenario } from './scenario.js';
import { STAGES, type StageName } from './sim-stage.js';
import { drawStoreAction, drawStoreKinds, type StoreAction } from './store-plan.js';

/** Each run has some kinds of trouble and not others: together they would drown each other. */
const TROUBLES = ['kill', 'shut down', 'pause', 'cut off', 'set clock', 'usurp', 'restart broker'] as const;
const CHANGES = ['disable', 'change tool', 'change policy', 'revoke key', 'make key', 'resolve', 'garbage'] as const;
const OFTEN: Readonly<Record<string, number>> = { disable: 0.4, resolve: 0.4, 'make key': 0.2, 'revoke key': 0.2 };
/** Several things at once, which seldom meet by chance. */
const MEETINGS = ['storm'] as const;
type Kind = (typeof MEETINGS)[number] | (typeof TROUBLES)[number] | (typeof CHANGES)[number] | StoreAction['does'];

/** What happens in a run: incidents, each some trouble and changes close together, calls around them, and calls at any time. */
export function drawPlan(random: Random, scenario: Scenario): Action[] {
  const kinds: Kind[] = [
    ...TROUBLES.filter(() => random.chance(0.35)),
    ...MEETINGS.filter(() => random.chance(0.2)),
    ...drawStoreKinds(random).filter((kind) => kind !== 'drop postgres' || scenario.ages.length === 0),
    ...CHANGES.filter((kind) => random.chance(OFTEN[kind] ?? 0.12)),
  ];
  const draw = new PlanDrawing(random, scenario);
  const spread = random.int(1, 6);
  for (let i = 0; i < spread; i++) draw.call({ plusMs: random.next() * scenario.chaosMs });
  const incidents = kinds.length === 0 ? 0 : random.int(0, 4);
  for (let i = 0; i < incidents; i++) draw.incident(kinds);
  if (random.chance(0.15)) duel(draw);
  if (random.chance(0.1)) setBack(draw);
  scenario.ages.forEach((_, age) => {
    draw.age(age);
  });
  if (!scenario.month && scenario.ages.length === 0 && random.chance(0.04)) cutBack(draw);
  else if (scenario.ages.length === 0 && random.chance(0.06)) poison(draw);
  return draw.actions;
}

class PlanDrawing extends Drawing {
  incident(kinds: readonly Kind[]): void {
    const { random, scenario } = this;
    const point = random.chance(0.6)
      ? { stage: random.pick(this.scenario.focus), name: random.pick(POINTS), nth: random.int(1, 12) }
      : undefined;
    const start = point === undefined ? random.next() * scenario.chaosMs : 0;
    const when = (withinMs: number): When => {
      const plusMs = start + (random.chance(0.3) ? 0 : random.next() * withinMs);
      return point === undefined ? { plusMs } : { point, plusMs };
    };
    const width = random.pick([20, 500, 4_000]);
    const things = random.int(1, 4);
    for (let i = 0; i < things; i++) this.trouble(random.pick(kinds), when(width), point?.stage);
    const burst = random.pick([0, 1, 3, 6]);
    for (let i = 0; i < burst; i++) this.call(when(width));
  }

  private trouble(does: Kind, when: When, at: StageName | undefined): void {
    const { random, scenario } = this;
    const tenant = random.pick(scenario.tenants);
    const agent = random.pick(scenario.agents);
    const gateway = random.int(0, 1);
    switch (does) {
      case 'storm':
        storm(this, when, tenant, agent);
        break;
      case 'kill':
      case 'shut down':
        this.add({ does, when, whom: this.whom(at), downMs: random.delay(2_000, 6_000) });
        break;
      case 'pause': {
        const forMs = random.pick([random.int(10, 900), random.int(1_000, 3_000), random.int(3_000, 14_000)]);
        const clock = random.pick(['runs', 'runs', 'suspended', 'set back'] as const);
        this.add({ does, when, whom: this.whom(at), forMs, clock });
        break;
      }
      case 'cut off':
        this.add({ does, when, whom: this.whom(at) });
        break;
      case 'set clock':
        this.add({
          does,
          when,
          whom: this.whom(at),
          byMs: random.pick([-900, -900, -300, 300, 900, -5_000, 5_000, -60_000, 60_000]),
        });
        break;
      case 'usurp': {
        const stage = at ?? random.pick(this.scenario.focus);
        const partition = this.partition();
        // Now and then owners change many times a second.
        const times = random.pick([1, 1, 1, 4]);
        for (let i = 0; i < times; i++) {
          this.add({ does, when: { ...when, plusMs: when.plusMs + i * random.int(50, 400) }, stage, partition });
        }
        break;
      }
      case 'restart broker':
        this.add({ does, when });
        break;
      case 'disable':
        this.add({ does, when, tenant, agent, gateway, forMs: random.int(200, 8_000) });
        break;
      case 'change tool': {
        const tool = random.pick(scenario.tools).name;
        const to = random.pick(['disabled', 'gone', 'hold', 'retry'] as const);
        this.add({ does, when, tenant, tool, to, forMs: random.int(100, 4_000) });
        break;
      }
      case 'change policy':
        this.add({ does, when, tenant, agent, caps: drawCaps(random), price: random.pick([0, 5, PRICE, PRICE, 20]) });
        break;
      case 'revoke key':
        this.add({ does, when, tenant, gateway, wish: this.wish(), inDoubt: random.chance(0.5) });
        break;
      case 'make key':
        this.add({ does, when, gateway, wish: this.wish() });
        break;
      case 'resolve': {
        const word = () => random.pick(['executed', 'failed'] as const);
        const operators = random.int(1, 2);
        const outcomes = Array.from({ length: operators }, word);
        const keyId = random.chance(0.8) ? 'key' : 'spare key';
        this.add({ does, when: { ...when, plusMs: when.plusMs + random.next() * 9_000 }, tenant, outcomes, keyId });
        break;
      }
      case 'garbage':
        this.add({
          does,
          when,
          reader: random.pick(['policy', 'dispatcher'] as const),
          partition: this.partition(),
          text: random.pick(['{', '{"type":"no-such-event","v":1}', '{"type":"requested","v":1,"data":{}}']),
        });
        break;
      default:
        this.add({ ...drawStoreAction(random, does, scenario.ages.length > 0), when });
        break;
    }
  }

  /** Days have passed: the same calls come again, and owners change, who fold what is left of their journals. */
  age(age: number): void {
    const { random } = this;
    const when = (): When => ({ age, plusMs: random.next() * 9_000 });
    const calls = random.int(1, 5);
    for (let i = 0; i < calls; i++) this.call(when());
    for (const stage of STAGES) {
      const whom = { stage, partition: this.partition(), who: 'owner' } as const;
      if (random.chance(0.3)) this.add({ does: 'usurp', when: when(), stage, partition: whom.partition });
      if (random.chance(0.2)) this.add({ does: 'kill', when: when(), whom, downMs: random.int(10, 1_000) });
    }
    if (random.chance(0.2)) this.trouble('resolve', when(), undefined);
  }
}
