import { CALL_MUTANTS } from './call-mutants.js';
import { CLIENT_MUTANTS } from './client-mutants.js';
import { DISPATCH_MUTANTS } from './dispatch-mutants.js';
import { GATEWAY_MUTANTS } from './gateway-mutants.js';
import { JOURNAL_MUTANTS } from './journal-mutants.js';
import { KEPT_MUTANTS } from './kept-mutants.js';
import { LOSS_MUTANTS } from './loss-mutants.js';
import { OWNER_MUTANTS } from './owner-mutants.js';
import { POISON_MUTANTS } from './poison-mutants.js';
import { PROJECTION_MUTANTS } from './projection-mutants.js';
import { QUESTION_MUTANTS } from './question-mutants.js';
import { TASK_MUTANTS } from './task-mutants.js';
import { TOLD_MUTANTS } from './told-mutants.js';
import type { Mutant } from './mutant.js';

export type { Mutant, Patch } from './mutant.js';

/** All there are; each is in a row of `docs/guarantees.md`. */
export const MUTANTS: readonly Mutant[] = [
  ...JOURNAL_MUTANTS,
  ...CALL_MUTANTS,
  ...DISPATCH_MUTANTS,
  ...GATEWAY_MUTANTS,
  ...PROJECTION_MUTANTS,
  ...CLIENT_MUTANTS,
  ...KEPT_MUTANTS,
  ...LOSS_MUTANTS,
  ...OWNER_MUTANTS,
  ...POISON_MUTANTS,
  ...TASK_MUTANTS,
  ...TOLD_MUTANTS,
  ...QUESTION_MUTANTS,
];
