import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs a command in the root of the project.
 * @returns its exit code, and what it printed when `quiet` kept that from the terminal
 */
export function runCommand(command, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Progress goes to stderr: what a command answers on stdout stays fit for a pipe. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends the process with a message instead of a stack when the step says what went wrong. */
export async function orExit(step) {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    say(error.message);
    process.exit(1);
  }
}

export class StepError extends Error {}
