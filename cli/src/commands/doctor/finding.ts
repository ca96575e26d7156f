import type { Facts } from './facts.js';

/** `note` is worth knowing and may be as it should be; `mend` is not safe as it is. */
export type Level = 'ok' | 'note' | 'mend';

export interface Finding {
  readonly check: string;
  readonly level: Level;
  /** How it is. */
  readonly what: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** One thing of the checklist; what it cannot know it does not speak of. */
export type Check = (facts: Facts) => readonly Finding[];

/** The findings, or that everything is as it should be. */
export const orFine = (found: readonly Finding[], fine: Finding): readonly Finding[] =>
  found.length === 0 ? [fine] : found;
