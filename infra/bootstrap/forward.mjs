import { execFileSync, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pinnedNode, root } from './paths.mjs';

/**
 * Runs a script on the pinned Node in place of this process: the same terminal, signals passed on, its exit code ours.
 * The channel between the two closes when this process is killed, which the script can notice.
 */
export function runInPlace(script, args, { cwd = root } = {}) {
  const child = spawn(pinnedNode, [script, ...args], { cwd, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(child);
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** A killed npm leaves us running without anybody who could stop us: then we end as if asked to. */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parents = [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1);
  setInterval(() => {
    if (process.ppid !== parents[0] || !parents.every(isThere)) child.kill('SIGTERM');
  }, 500).unref();
}

/** Between npm and us may stand the shell that npm started. */
function parentOf(pid) {
  try {
    const name = execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    if (!/^-?(ba|da|z)?sh$/.test(name)) return 0;
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
  } catch {
    return 0;
  }
}

function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
