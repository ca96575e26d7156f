import { z } from 'zod';
import { defineEvent } from '../event.js';

/** Where an input lies that a stage could not decide (rule 14). */
export const parkedPlace = z.object({
  stage: z.string(),
  stream: z.string(),
  seq: z.number().int(),
  index: z.number().int(),
});
export type ParkedPlace = z.output<typeof parkedPlace>;

/** An operator of the installation says what is to become of a parked input. In CALLS, for the dispatcher. */
export const settlement = z.object({
  commandId: z.string(),
  input: parkedPlace,
  /** The call that it is the ending of. */
  callId: z.string().optional(),
  /** How that call ended, as far as the tool knows; `nothing` where there is nothing to let go. */
  says: z.enum(['executed', 'failed', 'nothing']),
  note: z.string().optional(),
});
export type Settlement = z.output<typeof settlement>;

export const settlementRequested = defineEvent('settlement-requested', 1, settlement);
