import 'reflect-metadata';
import { violations, type Violation } from './checks/index.js';
import { Simulation, settingOf, type Setting } from './simulation.js';

export interface Run {
  readonly seed: number;
  readonly broken: readonly Violation[];
  readonly trace: readonly string[];
}

export async function playRun(seed: number, tracing: boolean, setting: Setting = settingOf(seed)): Promise<Run> {
  const simulation = new Simulation(seed, setting, tracing);
  await simulation.play();
  return { seed, broken: violations(simulation), trace: simulation.world.trace };
}
