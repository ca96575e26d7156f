import type { Caps } from '@tollgate/events';
import { TAKEN_ON, type PoisonWish } from './poison.js';
import type { Random } from './random.js';
import { drawCaps, PRICE, type Scenario } from './scenario.js';
import { drawManner } from './client-plan.js';
import type { ToolChange } from './sim-administrators.js';
import type { PausedClock } from './sim-process.js';
import type { CallWish } from './sim-gateway.js';
import { STAGES, type StageName } from './sim-stage.js';
import type { LockWish, ResetWish, WorkWish } from './sim-workers.js';
import { drawStoreAction, drawStoreKinds, type StoreAction } from './store-plan.js';

/** Places between two effects of a stage; `stored` is after the broker has stored an append and before its ack arrives. */
export const POINTS = ['before-decision', 'before-append', 'stored', 'after-append', 'after-effects'] as const;

/** So long after the beginning, or after a stage has come by a point for the nth time. */
export interface When {
  readonly point?: { readonly stage: StageName; readonly name: (typeof POINTS)[number]; readonly nth: number };
  readonly plusMs: number;
  /** Not at the beginning, but when so many times some days have passed. */
  readonly age?: number;
}

export interface Whom {
  readonly stage: StageName;
  readonly partition: number;
  readonly who: 'owner' | 'anybody';
}

/** One thing that happens in a run. Each can be left out, which is how a failing run is made short. */
export type Action = { readonly when: When } & (
  | StoreAction
  | { readonly does: 'call'; readonly gateway: number; readonly wish: CallWish }
  | { readonly does: 'kill' | 'shut down'; readonly whom: Whom; readonly downMs: number }
  | { readonly does: 'pause'; readonly whom: Whom; readonly forMs: number; readonly clock: PausedClock }
  | { readonly does: 'cut off'; readonly whom: Whom }
  | { readonly does: 'set clock'; readonly whom: Whom; readonly byMs: number }
  | { readonly does: 'usurp'; readonly stage: StageName; readonly partition: number }
  | { readonly does: 'restart broker' }
  | { readonly does: 'poison'; readonly wish: PoisonWish }
  | {
      readonly does: 'cut back';
      readonly partition: number;
      /** How many of its last messages each stream loses. */
      readonly drops: Readonly<Partial<Record<CutStream, number>>>;
      /** Or of its first: somebody purges it by hand. */
      readonly front: boolean;
      /** Whoever is connected stays connected: another server than theirs has lost it. */
      readonly connected: boolean;
    }
  | {
      readonly does: 'disable';
      readonly tenant: string;
      readonly agent: string;
      readonly gateway: number;
      readonly forMs: number;
    }
  | {
      readonly does: 'change tool';
      readonly tenant: string;
      readonly tool: string;
      readonly to: ToolChange;
      readonly forMs: number;
    }
  | {
      readonly does: 'change policy';
      readonly tenant: string;
      readonly agent: string;
      readonly caps: Caps;
      readonly price: number;
    }
  | {
      readonly does: 'revoke key';
      readonly tenant: string;
      readonly gateway: number;
      readonly wish?: CallWish;
      /** As soon as a call is in doubt, which whoever has stolen the key may want to resolve. */
      readonly inDoubt?: boolean;
      /** What whoever has stolen it locks. */
      readonly lock?: LockWish;
    }
  | { readonly does: 'make key'; readonly gateway: number; readonly wish: CallWish; readonly lock?: LockWish }
  | {
      readonly does: 'resolve';
      readonly tenant: string;
      readonly outcomes: readonly ('executed' | 'failed')[];
      readonly keyId?: string;
    }
  | { readonly does: 'work'; readonly gateway: number; readonly wish: WorkWish }
  | { readonly does: 'lock'; readonly gateway: number; readonly wish: LockWish }
  | { readonly does: 'reset'; readonly gateway: number; readonly wish: ResetWish }
  | {
      readonly does: 'garbage';
      readonly reader: 'policy' | 'lease' | 'dispatcher';
      readonly partition: number;
      readonly text: string;
    }
);

/** What may lose what it has acknowledged. */
export type CutStream = 'calls' | StageName;
const ALL_OF_IT = 1_000_000;
const ENDINGS = ['executed', 'failed', 'blocked', 'in-doubt', 'resolved'] as const;

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
  const draw = new PlanDrawing(random, scenario, scenario.focus);
  const spread = random.int(1, 6);
  for (let i = 0; i < spread; i++) draw.call({ plusMs: random.next() * scenario.chaosMs });
  const incidents = kinds.length === 0 ? 0 : random.int(0, 4);
  for (let i = 0; i < incidents; i++) draw.incident(kinds);
  if (random.chance(0.15)) draw.duel();
  if (random.chance(0.1)) draw.setBack();
  scenario.ages.forEach((_, age) => {
    draw.age(age);
  });
  if (!scenario.month && scenario.ages.length === 0 && random.chance(0.04)) draw.cutBack();
  else if (scenario.ages.length === 0 && random.chance(0.06)) draw.poison();
  return draw.actions;
}

class PlanDrawing {
  readonly actions: Action[] = [];
  private calls = 0;

  constructor(
    private readonly random: Random,
    private readonly scenario: Scenario,
    private readonly stages: readonly StageName[],
  ) {}

  incident(kinds: readonly Kind[]): void {
    const { random, scenario } = this;
    const point = random.chance(0.6)
      ? { stage: random.pick(this.stages), name: random.pick(POINTS), nth: random.int(1, 12) }
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

  private wish(): CallWish {
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

  private trouble(does: Kind, when: When, at: StageName | undefined): void {
    const { random, scenario } = this;
    const tenant = random.pick(scenario.tenants);
    const agent = random.pick(scenario.agents);
    const gateway = random.int(0, 1);
    switch (does) {
      case 'storm':
        this.storm(when, tenant, agent);
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
        const stage = at ?? random.pick(this.stages);
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
        this.add({ ...drawStoreAction(random, does), when });
        break;
    }
  }

  /** An owner stops where an attempt is under way; somebody else owns meanwhile, and the agent is disabled there. */
  duel(): void {
    const { random, scenario } = this;
    const tenant = random.pick(scenario.tenants);
    const agent = random.pick(scenario.agents);
    const name = random.pick(['before-append', 'stored', 'stored', 'after-append'] as const);
    const point = { stage: 'dispatch', name, nth: random.int(3, 8) } as const;
    const partition = this.partition();
    const whom = { stage: 'dispatch', partition, who: 'owner' } as const;
    const forMs = random.pick([random.int(600, 990), random.int(3_000, 7_000)]);
    const clock = random.pick(['runs', 'suspended', 'set back'] as const);
    const soon = (ms: number): When => ({ point, plusMs: random.next() * ms });
    this.add({ does: 'pause', when: { point, plusMs: 0 }, whom, forMs, clock });
    this.add({ does: 'usurp', when: soon(100), stage: 'dispatch', partition });
    this.add({
      does: 'disable',
      when: { point, plusMs: random.int(200, 700) },
      tenant,
      agent,
      gateway: 0,
      forMs: 12_000,
    });
    this.add({ does: 'disable', when: { point, plusMs: 2_600 }, tenant, agent, gateway: 1, forMs: 10_000 });
    for (let i = 0; i < 3; i++) this.call({ plusMs: random.next() * scenario.chaosMs });
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

  /** A dispatcher's clock is set back, within its bound, right behind something it has journaled. */
  setBack(): void {
    const { random, scenario } = this;
    const point = { stage: 'dispatch', name: 'stored', nth: random.int(3, 10) } as const;
    const whom = { stage: 'dispatch', partition: this.partition(), who: 'owner' } as const;
    this.add({ does: 'set clock', when: { point, plusMs: random.next() * 20 }, whom, byMs: -random.int(300, 1_000) });
    for (let i = 0; i < 3; i++) this.call({ plusMs: random.next() * scenario.chaosMs });
  }

  /** Something that one stage cannot take, here and there. */
  poison(): void {
    const { random, scenario } = this;
    const times = random.int(1, 2);
    for (let i = 0; i < times; i++) {
      const reader = random.pick(['lease', 'budget', 'dispatch', 'lease', 'budget'] as const);
      const partition = this.partition();
      const plusMs = random.next() * Math.min(2_000, scenario.chaosMs);
      // Who waits for a key that stays held waits until its deadline.
      const ends = reader !== 'dispatch' && !scenario.month && scenario.callDeadlineMs < 60_000 && random.chance(0.8);
      const endings = reader === 'lease' ? ENDINGS : ENDINGS.slice(0, 3);
      const type = ends ? random.pick(endings) : TAKEN_ON[reader];
      const kind = random.pick([
        'undecodable',
        'decision_failed',
        ...(ends ? (['unknown_type'] as const) : []),
      ] as const);
      if (type === 'in-doubt') this.word();
      this.add({ does: 'poison', when: { plusMs }, wish: { reader, partition, type, kind } });
    }
    for (let i = 0; i < 3; i++) this.call({ plusMs: random.next() * scenario.chaosMs });
  }

  /** Somebody settles what nobody else can. */
  private word(): void {
    const { random, scenario } = this;
    const when = { plusMs: scenario.chaosMs * (0.5 + random.next() / 2) };
    const outcomes = [random.pick(['executed', 'failed'] as const)];
    this.add({ does: 'resolve', when, tenant: random.pick(scenario.tenants), outcomes });
  }

  /** A disk after a power cut, or somebody makes a stream anew: while its readers run, are paused, or are down. */
  cutBack(): void {
    const { random, scenario } = this;
    const point = { stage: random.pick(STAGES), name: random.pick(POINTS), nth: random.int(2, 14) };
    const at = (ms: number): When =>
      random.chance(0.7) ? { point, plusMs: ms } : { plusMs: random.next() * scenario.chaosMs };
    const streams = ['calls', ...STAGES] as const;
    const partition = this.partition();
    const one = (): Partial<Record<CutStream, number>> => ({
      [random.pick(streams)]: random.pick([1, 1, 2, 3, 6, ALL_OF_IT]),
    });
    const every = (): Partial<Record<CutStream, number>> =>
      Object.fromEntries(streams.map((stream) => [stream, random.pick([0, 0, 1, 2, 4])]));
    const drops = random.chance(0.75) ? one() : every();
    // A paused owner whose connection lives may find its journal as long as it was, though with other messages: the
    // fence of rule 1 takes a broker that keeps what it has acknowledged.
    const nobodyPauses = !this.actions.some(({ does }) => does === 'pause');
    // Where no stage has taken a snapshot, or said what is needless, nothing of it may be purged.
    const { everyMs, snapshotEvery } = scenario.keepingTimes;
    const front = everyMs > 10 * scenario.chaosMs && snapshotEvery >= 1_000 && random.chance(0.3);
    const when = at(random.pick([0, 0, random.int(1, 3_000)]));
    const whom = { stage: random.pick(STAGES), partition, who: 'owner' } as const;
    const readers = random.pick(['run', 'run', 'are paused', 'are down'] as const);
    if (readers === 'are paused') this.add({ does: 'pause', when, whom, forMs: random.int(500, 9_000), clock: 'runs' });
    if (readers === 'are down') this.add({ does: 'kill', when, whom, downMs: random.int(500, 6_000) });
    // Nor may what an owner sent land so late.
    const nobodyIsLate = nobodyPauses && readers !== 'are paused' && scenario.weather.late === 0;
    const connected = !front && random.chance(0.6) && nobodyIsLate;
    this.add({ does: 'cut back', when, partition, drops, front, connected });
    for (let i = 0; i < 4; i++) this.call(at(random.next() * 6_000));
  }

  /** An agent is disabled, and enabled again, while it is busy, and owners change. */
  private storm(when: When, tenant: string, agent: string): void {
    const { random } = this;
    const at = (from: number, to: number): When => ({
      ...when,
      plusMs: Math.max(0, when.plusMs + random.int(from, to)),
    });
    const partition = this.partition();
    this.add({ does: 'disable', when, tenant, agent, gateway: random.int(0, 1), forMs: random.int(50, 6_000) });
    const stage = random.pick(['policy', 'dispatch', 'dispatch'] as const);
    if (random.chance(0.5)) this.add({ does: 'usurp', when: at(-400, 400), stage, partition });
    for (let i = 0; i < 8; i++) this.call(at(-600, 600));
  }

  private whom(at: StageName | undefined): Whom {
    const { random } = this;
    const stage = at !== undefined && random.chance(0.8) ? at : random.pick(this.stages);
    return { stage, partition: this.partition(), who: random.chance(0.8) ? 'owner' : 'anybody' };
  }

  private partition(): number {
    return this.random.int(0, this.scenario.partitions - 1);
  }

  private add(action: Action): void {
    this.actions.push(action);
  }
}
