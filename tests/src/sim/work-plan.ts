import { POINTS, type Action, type When } from './action.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';
import type { HolderWord, LockWish, WorkWish } from './sim-workers.js';

const HALF_AN_HOUR_SEC = 1_800;
const LONG_SEC = 20 * 86_400;

/**
 * In some runs somebody leases keys, has jobs run, and checks locks. Drawn apart, so that the other choices of a seed are
 * what they were before there was this one.
 */
export function drawWork(random: Random, scenario: Scenario, others: readonly Action[]): readonly Action[] {
  if (!random.chance(scenario.ages.length > 0 ? 0.7 : 0.25)) return [];
  const draw = new WorkDrawing(random, scenario);
  const workers = random.int(1, 6);
  for (let i = 0; i < workers; i++) draw.work({ plusMs: random.next() * scenario.chaosMs * 0.7 });
  const locks = random.int(0, 3);
  for (let i = 0; i < locks; i++) draw.lock({ plusMs: random.next() * scenario.chaosMs });
  if (random.chance(0.3)) draw.reset({ plusMs: random.next() * scenario.chaosMs });
  if (random.chance(0.05)) draw.garbage({ plusMs: random.next() * scenario.chaosMs });
  if (random.chance(0.15)) draw.stolenKey({ plusMs: random.next() * scenario.chaosMs });
  if (random.chance(0.1)) draw.newKey({ plusMs: random.next() * scenario.chaosMs });
  if (random.chance(0.6)) draw.trouble();
  const mayPoison = !others.some(({ does }) => does === 'cut back' || does === 'poison');
  if (mayPoison && random.chance(0.3)) draw.poison();
  scenario.ages.forEach((_, age) => {
    draw.age(age);
  });
  return draw.actions;
}

/** Where somebody leases, tenants now and then have a plan that stops at few credits. */
export const withCredits = (random: Random, scenario: Scenario, work: readonly Action[]): Scenario =>
  work.length > 0 && random.chance(0.35)
    ? { ...scenario, credits: { make: random.int(1, 2), ai: random.int(1, 6) } }
    : scenario;

class WorkDrawing {
  readonly actions: Action[] = [];
  private readonly keys: readonly string[];
  private names = 0;

  constructor(
    private readonly random: Random,
    private readonly scenario: Scenario,
  ) {
    this.keys = ['invoice-1', 'invoice-2'].slice(0, random.int(1, 2));
  }

  work(when: When): void {
    const { random } = this;
    const does = random.chance(0.5) ? { actions: this.actionsOfJob() } : {};
    const wish: WorkWish = {
      ...this.asker(),
      key: random.pick(this.keys),
      ttlSec: random.pick([1, 1, 3, 20, HALF_AN_HOUR_SEC, LONG_SEC]),
      ...does,
      words: random.pick<readonly HolderWord[]>([
        ['complete'],
        ['complete'],
        ['extend', 'complete'],
        ['extend', 'extend', 'fail'],
        ['fail'],
        ['cancel'],
        [],
      ]),
      thinksMs: random.pick([0, 20, 400, 1_500]),
      asks: random.int(1, 5),
      looks: random.chance(0.4),
    };
    this.add({ does: 'work', when, gateway: random.int(0, 1), wish });
  }

  lock(when: When): void {
    this.add({ does: 'lock', when, gateway: this.random.int(0, 1), wish: this.lockWish() });
  }

  /** Whoever has stolen the key locks with it, as soon as its revoking was answered, where that may not be known. */
  stolenKey(when: When): void {
    const lock = this.lockWish();
    this.add({ does: 'revoke key', when, tenant: lock.tenant, gateway: this.random.int(0, 1), lock });
  }

  newKey(when: When): void {
    const { random, scenario } = this;
    const lock = this.lockWish();
    const { tenant, agent } = lock;
    const call = { callId: `call-by-${lock.name}`, tenant, agent, tool: random.pick(scenario.tools).name, args: '1' };
    this.add({ does: 'make key', when, gateway: random.int(0, 1), wish: { ...call, keyId: '' }, lock });
  }

  private lockWish(): LockWish {
    const { random } = this;
    return {
      ...this.asker(),
      key: random.pick(this.keys),
      ttlSec: random.pick([1, 5, HALF_AN_HOUR_SEC, LONG_SEC]),
      asks: random.int(1, 3),
    };
  }

  reset(when: When): void {
    const { random } = this;
    const wish = { ...this.asker(), keyId: 'key', key: random.pick(this.keys) };
    this.add({ does: 'reset', when, gateway: random.int(0, 1), wish });
  }

  garbage(when: When): void {
    const partition = this.partition();
    this.add({
      does: 'garbage',
      when,
      reader: 'lease',
      partition,
      text: '{"type":"command-requested","v":1,"data":{}}',
    });
  }

  /** How an action ended cannot be read by the lease; who waits for the key of its call waits until its deadline. */
  poison(): void {
    const { random, scenario } = this;
    if (scenario.month || scenario.ages.length > 0 || scenario.callDeadlineMs > 60_000) return;
    const type = random.pick(['executed', 'executed', 'failed', 'blocked'] as const);
    const kind = random.pick(['undecodable', 'decision_failed', 'unknown_type'] as const);
    const wish = { reader: 'lease', partition: this.partition(), type, kind } as const;
    this.add({ does: 'poison', when: { plusMs: random.next() * 1_000 }, wish });
  }

  /** Owners of the lease change while it has something to decide. */
  trouble(): void {
    const { random } = this;
    const times = random.int(1, 3);
    for (let i = 0; i < times; i++) {
      const point = { stage: 'lease', name: random.pick(POINTS), nth: random.int(2, 14) } as const;
      const when = { point, plusMs: random.chance(0.6) ? 0 : random.next() * 500 };
      const whom = { stage: 'lease', partition: this.partition(), who: 'owner' } as const;
      const does = random.pick(['kill', 'usurp', 'cut off'] as const);
      if (does === 'usurp') this.add({ does, when, stage: 'lease', partition: whom.partition });
      else if (does === 'kill') this.add({ does, when, whom, downMs: random.delay(1_500, 5_000) });
      else this.add({ does, when, whom });
    }
  }

  /** Days have passed: the same keys are wanted again. */
  age(age: number): void {
    const { random } = this;
    const when = (): When => ({ age, plusMs: random.next() * 6_000 });
    const workers = random.int(0, 2);
    for (let i = 0; i < workers; i++) this.work(when());
    if (random.chance(0.6)) this.lock(when());
  }

  private actionsOfJob(): WorkWish['actions'] {
    const { random, scenario } = this;
    return Array.from({ length: random.int(0, 3) }, () => ({
      tool: random.pick(scenario.tools).name,
      args: random.pick(scenario.args),
    }));
  }

  private asker(): Pick<WorkWish, 'name' | 'tenant' | 'agent' | 'keyId' | 'idempotencyKey'> {
    const { random, scenario } = this;
    const name = `work-${++this.names}`;
    return {
      name,
      tenant: random.pick(scenario.tenants),
      agent: random.pick(scenario.agents),
      keyId: random.chance(0.8) ? 'key' : 'spare key',
      ...(random.chance(0.5) ? { idempotencyKey: name } : {}),
    };
  }

  private partition(): number {
    return this.random.int(0, this.scenario.partitions - 1);
  }

  private add(action: Action): void {
    this.actions.push(action);
  }
}
