import type { Caps, PolicyMode } from '@tollgate/events';
import type { KeepingTimes } from '@tollgate/stage';
import type { Random } from './random.js';
import type { Weather } from './sim-bus.js';
import { STAGES, type StageName } from './sim-stage.js';
import type { ToolMood } from './sim-tools.js';

/** The installation that one run plays in; drawn from its seed, each kind of trouble switched on or off on its own. */
export interface Scenario {
  readonly partitions: number;
  readonly tenants: readonly string[];
  readonly agents: readonly string[];
  readonly tools: readonly SimToolSettings[];
  readonly args: readonly string[];
  /** Stages that trouble is made for, and whose processes have standbys. */
  readonly focus: readonly StageName[];
  /** Processes of each of them; the other stages have one. */
  readonly copies: number;
  /** Processes of audit. */
  readonly audits: number;
  /** True time over which calls arrive and faults happen, ms. */
  readonly chaosMs: number;
  readonly waitLimitMs: number;
  readonly callDeadlineMs: number;
  /** Most that a stage decides ahead of its append, in characters: small ones part what arrived together. */
  readonly batchSize: number;
  /** Snapshots and looks for what must be carried come so often that short runs have some. */
  readonly keepingTimes: KeepingTimes;
  /** Days that pass, one age after the other, before all is over: what was journaled is carried, and purged (rule 15). */
  readonly ages: readonly number[];
  /** When all is over, a month passes. */
  readonly month: boolean;
  readonly caps: Caps;
  /** Of a plan that stops, in a month; without one nothing stops. */
  readonly credits?: { readonly make: number; readonly ai: number };
  /** Of every policy; never drawn. */
  readonly mode?: PolicyMode;
  readonly price: number;
  readonly weather: Weather;
  readonly mood: ToolMood;
  readonly clocks: { readonly offMs: number; readonly drift: number };
}

export interface SimToolSettings {
  readonly name: string;
  readonly onUnknown: 'hold' | 'retry' | 'reconcile' | 'fail';
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly dedupWindowSec: number;
}

/** Of two partitions the first tenant lives in one, the second in the other. */
const TENANTS = ['hooli', 'wayne'];
export const PRICE = 10;
export const DAY_MS = 24 * 3_600_000;

/** What a scenario has that was drawn before there was any choice. */
export const QUIET = {
  keepingTimes: { carryAfterMs: 7 * DAY_MS, everyMs: 600_000, snapshotEvery: 10_000 },
  ages: [],
  focus: STAGES,
} satisfies Partial<Scenario>;

/** Small worlds are played many times as often as large ones: most of what can go wrong needs few processes. */
export function drawScenario(random: Random): Scenario {
  const audits = random.pick([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
  const partitions = random.chance(0.04) ? random.int(2, 3) : 1;
  const maybe = <T>(probability: number, value: T, otherwise: T): T => (random.chance(probability) ? value : otherwise);
  const ages = audits > 0 && random.chance(0.14) ? drawAges(random) : [];
  return {
    partitions,
    tenants: partitions > 1 || random.chance(0.15) ? TENANTS : TENANTS.slice(0, 1),
    agents: maybe(0.6, ['ann'], ['ann', 'bob']),
    tools: maybe(0.6, [drawTool('pay', random)], [drawTool('pay', random), drawTool('mail', random)]),
    args: random.pick([['1'], ['1', '2'], ['1', '2', '3', '4', '5', '6', '7', '8']]),
    audits,
    focus: drawFocus(random),
    copies: random.pick([1, 2, 2, 2, 2, 2, 2, 3]),
    // Time in which nothing happens costs little, and what was lost must have time to be missed.
    chaosMs: random.int(500, 15_000),
    waitLimitMs: random.pick([300, 3_000, 30_000]),
    callDeadlineMs: maybe(0.75, 900_000, random.int(500, 12_000)),
    batchSize: random.pick([400_000, 400_000, 1_500]),
    keepingTimes: {
      carryAfterMs: 7 * DAY_MS,
      everyMs: ages.length > 0 ? 2_000 : random.chance(0.1) ? 2_000 : 600_000,
      snapshotEvery: random.pick([1_000, 1_000, 1_000, 1_000, 1_000, 1, 8]),
    },
    ages,
    month: audits === 0 && random.chance(0.1),
    caps: drawCaps(random),
    price: PRICE,
    weather: drawWeather(random),
    mood: random.pick(['kind', 'mixed', 'mixed', 'refuses', 'silent', 'says no'] as const),
    clocks: { offMs: random.pick([0, 100, 900]), drift: random.pick([0, 0.0005, 0.005]) },
  };
}

function drawFocus(random: Random): readonly StageName[] {
  if (random.chance(0.3)) return STAGES;
  return Array.from({ length: random.pick([1, 1, 2]) }, () => random.pick(STAGES));
}

const drawAges = (random: Random): number[] =>
  Array.from({ length: random.int(1, 3) }, () => random.pick([0.5, 3, 6, 7.5, 9, 20]));

export function drawCaps(random: Random): Caps {
  return {
    ...(random.chance(0.2) ? { maxActionsPerHour: random.int(1, 4) } : {}),
    ...(random.chance(0.3) ? { maxSpendPerDay: random.int(1, 4) * PRICE } : {}),
    ...(random.chance(0.2) ? { maxCallsPerTool: random.int(1, 3) } : {}),
  };
}

function drawWeather(random: Random): Weather {
  const usualMs = random.pick([1, 4, 15]);
  return {
    usualMs,
    rareMs: random.pick([usualMs, 100, 400, 2_500]),
    loseRequest: random.pick([0, 0, 0.005, 0.04]),
    loseAck: random.pick([0, 0, 0.01, 0.06]),
    late: random.pick([0, 0, 0.01, 0.03]),
    twice: random.pick([0, 0, 0.3]),
  };
}

const drawTool = (name: string, random: Random): SimToolSettings => ({
  name,
  onUnknown: random.pick(['hold', 'hold', 'retry', 'fail'] as const),
  maxRetries: random.int(0, 2),
  timeoutMs: random.pick([250, 1_000, 8_000]),
  dedupWindowSec: random.pick([86_400, 86_400, 30 * 86_400, 2, 0]),
});

/**
 * In some runs whose tools leave something unknown, those that would hold it can be asked instead. Drawn apart, so that
 * the other choices of a seed are what they were before there was this one.
 */
export function withQuestions(random: Random, scenario: Scenario): Scenario {
  const leavesUnknown = scenario.mood === 'mixed' || scenario.mood === 'silent';
  if (!leavesUnknown || !random.chance(0.25)) return scenario;
  const asked = (tool: SimToolSettings): SimToolSettings =>
    tool.onUnknown === 'hold' ? { ...tool, onUnknown: 'reconcile', maxRetries: random.int(1, 3) } : tool;
  return { ...scenario, tools: scenario.tools.map(asked) };
}
