import type { Simulation } from '../simulation.js';
import { clientsAreToldTheTruth } from './answers.js';
import { unknownIsNeverGuessed } from './attempts.js';
import { callsAreEndedOnce } from './calls.js';
import { capsHold } from './caps.js';
import { configIsInForce } from './config.js';
import { journalsAreInOrder } from './journals.js';
import { keysAreExplained } from './keys.js';
import { looksAreFresh } from './looks.js';
import { projectionsAreFolds } from './projections.js';
import { statesAreFolds } from './states.js';
import { toolsActOnce } from './tools.js';
import { operatorsAreToldTheTruth } from './words.js';
import type { Violation } from './violation.js';

export type { Violation } from './violation.js';

/** What must hold of every run, in terms of the tools' own record, the journals and the answers. */
export const violations = (simulation: Simulation): Violation[] =>
  [
    callsAreEndedOnce,
    clientsAreToldTheTruth,
    looksAreFresh,
    operatorsAreToldTheTruth,
    projectionsAreFolds,
    toolsActOnce,
    unknownIsNeverGuessed,
    capsHold,
    configIsInForce,
    keysAreExplained,
    journalsAreInOrder,
    statesAreFolds,
  ].flatMap((check) => check(simulation));
