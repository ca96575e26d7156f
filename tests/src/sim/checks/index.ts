import type { Simulation } from '../simulation.js';
import { clientsAreAnswered, clientsAreToldTheTruth, WITHOUT_RESULT } from './answers.js';
import { unknownIsNeverGuessed } from './attempts.js';
import { callsAreEndedOnce } from './calls.js';
import { capsHold } from './caps.js';
import { commandsAreAnswered } from './commands.js';
import { configIsInForce } from './config.js';
import { creditsHold } from './credits.js';
import { projectionsFitTheirJournals } from './cut-back-projections.js';
import { toolsActAsJournaled } from './cut-back-tools.js';
import { readersFitTheirStreams } from './cut-back.js';
import { editsAreInForce } from './edits.js';
import { jobsRunInOrder } from './jobs.js';
import { journalsAreInOrder, oneEpochAtATime, positionsGrow } from './journals.js';
import { keysAreExplained } from './keys.js';
import { looksAreFresh } from './looks.js';
import { poisonIsParked } from './poison.js';
import { askedToolsActOnce } from './questions.js';
import { projectionsAreFolds } from './projections.js';
import { statesAreFolds } from './states.js';
import { statusIsFresh } from './task-looks.js';
import { tasksAreExplained } from './tasks.js';
import { toolsActOnce } from './tools.js';
import { operatorsAreToldTheTruth } from './words.js';
import type { Violation } from './violation.js';

export type { Violation } from './violation.js';

type Check = (simulation: Simulation) => Violation[];

const EVERY_RUN: readonly Check[] = [
  callsAreEndedOnce,
  clientsAreAnswered,
  clientsAreToldTheTruth,
  looksAreFresh,
  statusIsFresh,
  operatorsAreToldTheTruth,
  projectionsAreFolds,
  toolsActOnce,
  askedToolsActOnce,
  unknownIsNeverGuessed,
  capsHold,
  configIsInForce,
  editsAreInForce,
  keysAreExplained,
  commandsAreAnswered,
  tasksAreExplained,
  jobsRunInOrder,
  creditsHold,
  journalsAreInOrder,
  poisonIsParked,
  statesAreFolds,
];

/** A result that lay in what was lost is lost. */
const clientsAreToldNothingWrong: Check = (simulation) =>
  clientsAreToldTheTruth(simulation).filter(({ what }) => !what.endsWith(WITHOUT_RESULT));

/** Where the broker lost what it had acknowledged, less can be promised: nothing is missed or taken twice in silence. */
const AFTER_A_CUT_BACK: readonly Check[] = [
  readersFitTheirStreams,
  projectionsFitTheirJournals,
  toolsActAsJournaled,
  clientsAreToldNothingWrong,
  configIsInForce,
  editsAreInForce,
  oneEpochAtATime,
  positionsGrow,
  statesAreFolds,
];

/** What must hold of a run, in terms of the tools' own record, the journals and the answers. */
export const violations = (simulation: Simulation): Violation[] =>
  (simulation.chaos.cutBacks.length > 0 ? AFTER_A_CUT_BACK : EVERY_RUN).flatMap((check) => check(simulation));
