import { randomBytes } from 'node:crypto';

/** Time and chance as a process sees them: the port that a simulation puts its own behind. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  now(): number;
  /** Monotonic milliseconds, from anywhere. */
  monotonic(): number;
  /** Runs `work` after `ms`; the answer cancels it. */
  after(ms: number, work: () => void): () => void;
  /** Runs `work` at the end of this turn of the event loop, behind everything that has arrived. */
  soon(work: () => void): void;
  /** A random word that nobody had before: the name of an epoch, the mark of a message. */
  newName(): string;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, Math.min(Math.max(0, ms), MAX_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
  soon: (work) => {
    setImmediate(work);
  },
  newName: () => randomBytes(12).toString('base64url'),
};

export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
