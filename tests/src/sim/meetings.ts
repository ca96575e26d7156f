import { POINTS, type CutStream, type When } from './action.js';
import type { Drawing } from './drawing.js';
import { TAKEN_ON } from './poison.js';
import { STAGES } from './sim-stage.js';

const ALL_OF_IT = 1_000_000;
const ENDINGS = ['executed', 'failed', 'blocked', 'in-doubt', 'resolved'] as const;

/** An owner stops where an attempt is under way; somebody else owns meanwhile, and the agent is disabled there. */
export function duel(draw: Drawing): void {
  const { random, scenario } = draw;
  const tenant = random.pick(scenario.tenants);
  const agent = random.pick(scenario.agents);
  const name = random.pick(['before-append', 'stored', 'stored', 'after-append'] as const);
  const point = { stage: 'dispatch', name, nth: random.int(3, 8) } as const;
  const partition = draw.partition();
  const whom = { stage: 'dispatch', partition, who: 'owner' } as const;
  const forMs = random.pick([random.int(600, 990), random.int(3_000, 7_000)]);
  const clock = random.pick(['runs', 'suspended', 'set back'] as const);
  const soon = (ms: number): When => ({ point, plusMs: random.next() * ms });
  draw.add({ does: 'pause', when: { point, plusMs: 0 }, whom, forMs, clock });
  draw.add({ does: 'usurp', when: soon(100), stage: 'dispatch', partition });
  draw.add({
    does: 'disable',
    when: { point, plusMs: random.int(200, 700) },
    tenant,
    agent,
    gateway: 0,
    forMs: 12_000,
  });
  draw.add({ does: 'disable', when: { point, plusMs: 2_600 }, tenant, agent, gateway: 1, forMs: 10_000 });
  for (let i = 0; i < 3; i++) draw.call({ plusMs: random.next() * scenario.chaosMs });
}

/** A dispatcher's clock is set back, within its bound, right behind something it has journaled. */
export function setBack(draw: Drawing): void {
  const { random, scenario } = draw;
  const point = { stage: 'dispatch', name: 'stored', nth: random.int(3, 10) } as const;
  const whom = { stage: 'dispatch', partition: draw.partition(), who: 'owner' } as const;
  draw.add({ does: 'set clock', when: { point, plusMs: random.next() * 20 }, whom, byMs: -random.int(300, 1_000) });
  for (let i = 0; i < 3; i++) draw.call({ plusMs: random.next() * scenario.chaosMs });
}

/** An agent is disabled, and enabled again, while it is busy, and owners change. */
export function storm(draw: Drawing, when: When, tenant: string, agent: string): void {
  const { random } = draw;
  const at = (from: number, to: number): When => ({
    ...when,
    plusMs: Math.max(0, when.plusMs + random.int(from, to)),
  });
  const partition = draw.partition();
  draw.add({ does: 'disable', when, tenant, agent, gateway: random.int(0, 1), forMs: random.int(50, 6_000) });
  const stage = random.pick(['policy', 'dispatch', 'dispatch'] as const);
  if (random.chance(0.5)) draw.add({ does: 'usurp', when: at(-400, 400), stage, partition });
  for (let i = 0; i < 8; i++) draw.call(at(-600, 600));
}

/** Something that one stage cannot take, here and there. */
export function poison(draw: Drawing): void {
  const { random, scenario } = draw;
  const times = random.int(1, 2);
  for (let i = 0; i < times; i++) {
    const reader = random.pick(['lease', 'budget', 'dispatch', 'lease', 'budget'] as const);
    const partition = draw.partition();
    const plusMs = random.next() * Math.min(2_000, scenario.chaosMs);
    // Who waits for a key that stays held waits until its deadline.
    const ends = reader !== 'dispatch' && !scenario.month && scenario.callDeadlineMs < 60_000 && random.chance(0.8);
    const endings = reader === 'lease' ? ENDINGS : ENDINGS.slice(0, 3);
    const type = ends ? random.pick(endings) : TAKEN_ON[reader];
    const kind = random.pick(['undecodable', 'decision_failed', ...(ends ? (['unknown_type'] as const) : [])] as const);
    if (type === 'in-doubt') word(draw);
    draw.add({ does: 'poison', when: { plusMs }, wish: { reader, partition, type, kind } });
  }
  for (let i = 0; i < 3; i++) draw.call({ plusMs: random.next() * scenario.chaosMs });
}

/** Somebody settles what nobody else can. */
function word(draw: Drawing): void {
  const { random, scenario } = draw;
  const when = { plusMs: scenario.chaosMs * (0.5 + random.next() / 2) };
  const outcomes = [random.pick(['executed', 'failed'] as const)];
  draw.add({ does: 'resolve', when, tenant: random.pick(scenario.tenants), outcomes });
}

/** A disk after a power cut, or somebody makes a stream anew: while its readers run, are paused, or are down. */
export function cutBack(draw: Drawing): void {
  const { random, scenario } = draw;
  const point = { stage: random.pick(STAGES), name: random.pick(POINTS), nth: random.int(2, 14) };
  const at = (ms: number): When =>
    random.chance(0.7) ? { point, plusMs: ms } : { plusMs: random.next() * scenario.chaosMs };
  const streams = ['calls', ...STAGES] as const;
  const partition = draw.partition();
  const one = (): Partial<Record<CutStream, number>> => ({
    [random.pick(streams)]: random.pick([1, 1, 2, 3, 6, ALL_OF_IT]),
  });
  const every = (): Partial<Record<CutStream, number>> =>
    Object.fromEntries(streams.map((stream) => [stream, random.pick([0, 0, 1, 2, 4])]));
  const drops = random.chance(0.75) ? one() : every();
  // A paused owner whose connection lives may find its journal as long as it was, though with other messages: the
  // fence of rule 1 takes a broker that keeps what it has acknowledged.
  const nobodyPauses = !draw.actions.some(({ does }) => does === 'pause');
  // Where no stage has taken a snapshot, or said what is needless, nothing of it may be purged.
  const { everyMs, snapshotEvery } = scenario.keepingTimes;
  const front = everyMs > 10 * scenario.chaosMs && snapshotEvery >= 1_000 && random.chance(0.3);
  const when = at(random.pick([0, 0, random.int(1, 3_000)]));
  const whom = { stage: random.pick(STAGES), partition, who: 'owner' } as const;
  const readers = random.pick(['run', 'run', 'are paused', 'are down'] as const);
  if (readers === 'are paused') draw.add({ does: 'pause', when, whom, forMs: random.int(500, 9_000), clock: 'runs' });
  if (readers === 'are down') draw.add({ does: 'kill', when, whom, downMs: random.int(500, 6_000) });
  // Nor may what an owner sent land so late.
  const nobodyIsLate = nobodyPauses && readers !== 'are paused' && scenario.weather.late === 0;
  const connected = !front && random.chance(0.6) && nobodyIsLate;
  draw.add({ does: 'cut back', when, partition, drops, front, connected });
  for (let i = 0; i < 4; i++) draw.call(at(random.next() * 6_000));
}
