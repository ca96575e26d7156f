import { projectionTroubles } from '../projection-checks.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** G2 and G5: once quiet, the record holds every event once, whatever befell audit and its stores. */
export const projectionsAreFolds = ({ auditAround, audits }: Simulation): Violation[] =>
  audits.length === 0 ? [] : projectionTroubles(auditAround, audits).map((what) => ({ guarantee: 'rule 16', what }));
