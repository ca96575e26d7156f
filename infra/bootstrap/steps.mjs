import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, say, StepError } from './command.mjs';
import { compile } from './compile.mjs';
import { ensureInstalled } from './install.mjs';
import { inRoot, pinnedNode } from './paths.mjs';

const SIMULATION = inRoot('tests', 'dist', 'sim', 'main.js');

const dependency = (path) => inRoot('node_modules', ...path.split('/'));

async function runQuietly(script, args) {
  const { code, output } = await runCommand(pinnedNode, [script, ...args], { quiet: true });
  if (code !== 0) throw new StepError(output.trimEnd());
}

/** What can be known without running a server, in the order in which it is cheapest to fail. */
const STATIC_STEPS = [
  [
    'lint',
    () =>
      runQuietly(dependency('eslint/bin/eslint.js'), [
        '.',
        '--cache',
        '--cache-location',
        inRoot('node_modules', '.cache', 'eslint'),
      ]),
  ],
  [
    'format',
    () => runQuietly(dependency('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '--cache', '.']),
  ],
  [
    'settings reference',
    () => runQuietly(inRoot('libs', 'runtime', 'dist', 'settings-reference-main.js'), ['--check']),
  ],
];

/** @returns counts as a test would make them: a step that fails is one failure */
export async function runStaticSteps() {
  await timed('dependencies', ensureInstalled);
  if (!(await timed('build', compile))) return { passed: 0, failed: 1, buildFailed: true };
  let failed = 0;
  for (const [name, step] of STATIC_STEPS) if (!(await timed(name, step))) failed += 1;
  return { passed: 0, failed, buildFailed: false };
}

async function timed(name, step) {
  const start = performance.now();
  try {
    await step();
    say(`ok      ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    say(`FAILED  ${name}\n${error instanceof StepError ? error.message : error.stack}`);
    return false;
  }
}

/**
 * Runs one selection of jest.config.mjs.
 * @param prefix arguments for Node before Jest's own: what Jest runs under
 * @returns what Jest counted; a file that could not be run, or a Jest that did not finish, is a failure too
 */
export async function runJest(selection, { prefix = [], args = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-jest-'));
  const report = join(folder, 'report.json');
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', dependency('jest/bin/jest.js')];
  const words = ['--selectProjects', selection, '--json', `--outputFile=${report}`, ...args];
  try {
    const { code } = await runCommand(pinnedNode, [...prefix, ...jest, ...words]);
    return counted(code, JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    say(`FAILED  ${selection} tests: no result (${error.message})`);
    return { passed: 0, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function counted(code, report) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/**
 * Plays the simulation. The first seed is always the same, so that the same code has the same verdict everywhere.
 * @param args as of `npm run sim`
 * @returns what it counted: all the runs together are one test, each mutant that must be found is one
 */
export async function runSimulation(name, args) {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-sim-'));
  const counts = join(folder, 'counts.json');
  say(`simulation: ${name}`);
  try {
    const { code } = await runCommand(pinnedNode, [SIMULATION, '--seed', '1', '--counts', counts, ...args]);
    const { passed, failed } = JSON.parse(readFileSync(counts, 'utf8'));
    return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
  } catch (error) {
    say(`FAILED  simulation, ${name}: no result (${error.message})`);
    return { passed: 0, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function summarize(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const failed = sum('failed');
  console.log(`${sum('passed')} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
