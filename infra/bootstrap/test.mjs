/*
 * npm test: all of check, then integration and end-to-end tests against one set of real servers of their own. Arguments
 * go to the latter's Jest: npm test -- gateway
 */
import { runJest, runStaticSteps, summarize } from './steps.mjs';
import { inRoot, pinnedNode } from './paths.mjs';

const servers = [inRoot('infra', 'dist', 'servers-main.js'), '--', pinnedNode];

const results = [await runStaticSteps()];
if (!results[0].buildFailed) {
  results.push(await runJest('unit'));
  results.push(await runJest('servers', { prefix: servers, args: ['--maxWorkers=2', ...process.argv.slice(2)] }));
}
summarize(results);
