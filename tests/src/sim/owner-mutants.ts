import { mutant, type Mutant } from './mutant.js';

const SESSION = 'libs/stage/dist/stage-session.js';
const PERMITS = 'services/dispatcher/dist/permits.js';

/** Of owners that change while something is under way. */
export const OWNER_MUTANTS: readonly Mutant[] = [
  mutant(1, 'an owner that is shut out while it takes over goes on', [
    SESSION,
    'if (this.journal.seq !== opened)',
    'if (false)',
  ]),
  mutant(12, 'disabled_at may lie before a stamp that was signed', [
    SESSION,
    'Math.max(clock.now(), this.journal.lastAt, notBefore)',
    'Math.max(clock.now(), this.journal.lastAt)',
  ]),
  mutant(12, 'disabled_at may lie before a stamp that the owner before has signed', [
    PERMITS,
    'this.lastStamp = lastAt + PERMIT_MS;',
    'this.lastStamp = 0;',
  ]),
  mutant(12, 'a new owner does not wait for the permits of the one before', [
    PERMITS,
    'if (inherited > 0)',
    'if (false)',
  ]),
];
