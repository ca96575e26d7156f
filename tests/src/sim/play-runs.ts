import 'reflect-metadata';
import { violations, type Violation } from './checks/index.js';
import { Simulation, settingOf, type Setting } from './simulation.js';

export interface Run {
  readonly seed: number;
  readonly broken: readonly Violation[];
  readonly trace: readonly string[];
}

export async function playRun(seed: number, tracing: boolean, setting: Setting = settingOf(seed)): Promise<Run> {
  // Begun in a microtask, whoever calls: Node has its next ticks before the microtasks of a timer, a message or the main script.
  await Promise.resolve();
  const simulation = new Simulation(seed, setting, tracing);
  await simulation.play();
  return { seed, broken: violations(simulation), trace: simulation.world.trace };
}
