import type { Violation } from '../checks/violation.js';
import type { Stretch } from './seed-queue.js';

/** What a worker is asked to play: seeds, every regression, or those that name the mutant which it has. */
export interface Job {
  readonly stretch: Stretch | 'regressions' | 'its own';
  /** Ends with the first run that breaks something. */
  readonly untilBroken: boolean;
}

/** A run that broke a guarantee. */
export interface BrokenRun {
  readonly seed: number;
  /** What the regression is about, if it was one. */
  readonly regression?: string;
  readonly broken: readonly Violation[];
}

export interface Played {
  readonly runs: number;
  readonly broken: readonly BrokenRun[];
  /** Regressions that broke nothing. */
  readonly held?: readonly string[];
}

/** What it answers: `failed` when a run threw, which is nobody's finding but a fault of the simulation. */
export type Reply = { readonly played: Played } | { readonly failed: string };
