import { mutant, type Mutant } from './mutant.js';

const SESSION = 'libs/stage/dist/stage-session.js';

/** Of owners that change while something is under way. */
export const OWNER_MUTANTS: readonly Mutant[] = [
  mutant(1, 'an owner that is shut out while it takes over goes on', [
    SESSION,
    'if (this.journal.seq !== opened)',
    'if (false)',
  ]),
];
