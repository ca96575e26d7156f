import { Worker } from './worker.js';

/** Everybody who plays. */
export class Crew {
  /** Whoever was asked to stop counts what has been played, and asks for no more. */
  stopped = false;
  private readonly workers = new Set<Worker>();

  hire(mutant: string | undefined): Worker {
    const worker = Worker.start(mutant);
    this.workers.add(worker);
    return worker;
  }

  dismiss(worker: Worker): void {
    worker.end();
    this.workers.delete(worker);
  }

  /** At once: what they are playing is not counted. */
  stop(): void {
    this.stopped = true;
    for (const worker of this.workers) worker.kill();
  }
}
