import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Job, Played, Reply } from './worker-protocol.js';

const MAIN = join(import.meta.dirname, 'worker-main.js');
/** So long no job takes on the slowest machine: a run that goes round in circles ends by itself. */
const ANSWER_MS = 300_000;

/** Nearly everything of a run is garbage when the run is over: with more room for the young, less of it is ever looked at. */
const YOUNG = ['--max-semi-space-size=128', '--min-semi-space-size=128'];

/** A worker that will not answer any more. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';
}

/** A process that plays runs: one job at a time, one mutant, if any, for all its life. */
export class Worker {
  private constructor(private readonly child: ChildProcess) {}

  static start(mutant: string | undefined): Worker {
    // A terminal's Ctrl-C reaches it too: who started it says when it ends.
    const child = fork(MAIN, mutant === undefined ? [] : [mutant], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: YOUNG,
    });
    child.on('error', () => undefined);
    return new Worker(child);
  }

  /** Rejects with {@link WorkerGone}, and the worker is of no more use. */
  async play(job: Job): Promise<Played> {
    const reply = await this.replyTo(job);
    if ('played' in reply) return reply.played;
    this.kill();
    throw new WorkerGone(reply.failed);
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private replyTo(job: Job): Promise<Reply> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        child.off('message', heard).off('exit', exited);
      };
      const heard = (reply: unknown): void => {
        done();
        resolve(reply as Reply);
      };
      const exited = (code: number | null, signal: NodeJS.Signals | null): void => {
        done();
        reject(new WorkerGone(`a worker ended with ${signal ?? code}`));
      };
      const timer = setTimeout(() => {
        done();
        this.kill();
        reject(new WorkerGone(`a worker did not answer within ${ANSWER_MS / 1_000} s`));
      }, ANSWER_MS);
      child.once('message', heard).once('exit', exited);
      if (child.exitCode !== null || child.signalCode !== null) exited(child.exitCode, child.signalCode);
      // What cannot be sent is sent to one that exits.
      else child.send(job, () => undefined);
    });
  }
}
