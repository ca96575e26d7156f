import type { Random } from './random.js';

/** What one run plays, drawn from its seed. */
export interface Scenario {
  readonly agents: readonly string[];
  readonly tools: readonly SimToolSettings[];
  readonly args: readonly string[];
  readonly calls: number;
  /** True time over which calls arrive and faults happen, ms. */
  readonly chaosMs: number;
  /** Processes of each stage. */
  readonly copies: number;
  readonly faults: number;
  readonly changes: number;
  readonly waitLimitMs: number;
  readonly maxActionsPerHour: number | undefined;
  readonly maxSpendPerDay: number | undefined;
  readonly maxCallsPerTool: number | undefined;
  readonly price: number;
}

export interface SimToolSettings {
  readonly name: string;
  readonly onUnknown: 'hold' | 'retry' | 'fail';
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly dedupWindowSec: number;
}

export function drawScenario(random: Random): Scenario {
  const maybe = (value: number): number | undefined => (random.chance(0.4) ? value : undefined);
  return {
    agents: random.chance(0.5) ? ['ann'] : ['ann', 'bob'],
    tools: [toolOf('pay', random), toolOf('mail', random)],
    args: random.chance(0.5) ? ['1'] : ['1', '2', '3'],
    calls: random.int(2, 10),
    chaosMs: random.int(500, 8_000),
    copies: random.int(1, 2),
    faults: random.int(0, 4),
    changes: random.int(0, 2),
    waitLimitMs: random.pick([300, 3_000, 30_000]),
    maxActionsPerHour: maybe(random.int(1, 4)),
    maxSpendPerDay: maybe(random.int(1, 4) * 10),
    maxCallsPerTool: maybe(random.int(1, 3)),
    price: 10,
  };
}

const toolOf = (name: string, random: Random): SimToolSettings => ({
  name,
  onUnknown: random.pick(['hold', 'hold', 'retry', 'fail'] as const),
  maxRetries: random.int(0, 2),
  timeoutMs: random.int(250, 1_000),
  dedupWindowSec: 86_400,
});
