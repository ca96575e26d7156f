import { existsSync, readFileSync } from 'node:fs';
import { runCommand, say, StepError } from './command.mjs';
import { inRoot, pinnedNode } from './paths.mjs';

const OLDEST_NODE = 20;

/** Installs the dependencies when they are missing or are not those of the lock file. */
export async function ensureInstalled() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new StepError(
      `Node ${process.versions.node} is too old to start with: install Node ${OLDEST_NODE} or newer.`,
    );
  }
  if (isInstalled()) return;
  say('installing dependencies (npm ci)');
  const [command, ...args] = npmCommand();
  // Its warnings are about the machine's own Node, which nothing runs on but this install.
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { code } = await runCommand(command, [...args, 'ci', ...quiet], { env: { NODE_ENV: '' } });
  if (code !== 0) throw new StepError('The dependencies could not be installed: see what npm says above.');
  if (existsSync(pinnedNode)) return;
  throw new StepError(
    'npm left out the pinned Node, which an install script brings: npm ci --ignore-scripts=false, then again.',
  );
}

/** The npm that runs us, else the one on the PATH. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli !== undefined && /npm-cli\.c?js$/.test(cli) ? [process.execPath, cli] : ['npm'];
}

function isInstalled() {
  const installed = inRoot('node_modules', '.package-lock.json'); // npm writes it last
  if (!existsSync(pinnedNode) || !existsSync(installed)) return false;
  return lockIsMet(readPackages(inRoot('package-lock.json')), readPackages(installed));
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** Whether everything the lock asks for is there. Optional packages may be missing: most are for other platforms. */
export function lockIsMet(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const there = installed[path];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.resolved === entry.resolved;
  });
}
