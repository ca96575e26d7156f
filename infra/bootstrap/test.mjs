/*
 * npm test: all of check, then the simulation, then integration and end-to-end tests against one set of real servers of
 * their own. Arguments go to the latter's Jest, and only those are run besides check: npm test -- gateway
 */
import { runJest, runSimulation, runStaticSteps, summarize } from './steps.mjs';
import { inRoot, pinnedNode } from './paths.mjs';

const servers = [inRoot('infra', 'dist', 'servers-main.js'), '--', pinnedNode];
const selection = process.argv.slice(2);

const results = [await runStaticSteps()];
if (!results[0].buildFailed) {
  results.push(await runJest('unit'));
  // Not beside tests that talk to servers: it takes every core, and they have deadlines.
  if (selection.length === 0) {
    results.push(await runSimulation('20,000 runs', ['--runs', '20000']));
    results.push(await runSimulation('every mutant', ['--mutants', '--quick']));
  }
  results.push(await runJest('servers', { prefix: servers, args: ['--maxWorkers=2', ...selection] }));
}
summarize(results);
