import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { violations, type Violation } from './checks.js';
import { Simulation } from './simulation.js';

const HELP = `npm run sim -- [options]: the protocol under simulated faults

  --runs N    how many runs (default 1000)
  --seed S    the first seed (default 1); run i has seed S + i
  --trace     print what happened in the run (with --runs 1)
  --help

Exit code 1 when a run breaks a guarantee; the same seed gives the same run.
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});

async function playOne(seed: number): Promise<{ simulation: Simulation; broken: Violation[] }> {
  const simulation = new Simulation(seed, values.trace);
  await simulation.play();
  return { simulation, broken: violations(simulation) };
}

async function main(): Promise<void> {
  const runs = Number(values.runs);
  const first = Number(values.seed);
  const began = Date.now();
  let failures = 0;
  for (let i = 0; i < runs; i++) {
    const { simulation, broken } = await playOne(first + i);
    if (values.trace) process.stdout.write(`${simulation.world.trace.join('\n')}\n`);
    for (const { guarantee, what } of broken) process.stdout.write(`seed ${first + i}: ${guarantee}: ${what}\n`);
    if (broken.length > 0) failures += 1;
    if ((i + 1) % 1000 === 0) process.stderr.write(`${i + 1} of ${runs} runs, ${failures} broke a guarantee\n`);
  }
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(`${runs} runs in ${seconds.toFixed(1)} s (${(runs / seconds).toFixed(0)}/s), ${failures} broke a guarantee\n`);
  process.exitCode = failures > 0 ? 1 : 0;
}

if (values.help === true) process.stdout.write(HELP);
else await main();
