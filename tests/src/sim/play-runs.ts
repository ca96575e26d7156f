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

/** Plays runs one after the other until `enough` says so. */
export async function playRuns(first: number, runs: number, each: (run: Run) => boolean): Promise<number> {
  for (let i = 0; i < runs; i++) {
    // What this process was told, and what it said, gets its turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (each(await playRun(first + i, false))) return i + 1;
  }
  return runs;
}
