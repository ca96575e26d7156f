import { z } from 'zod';
import { defineEvent } from '../event.js';
import { command, reply } from './command.js';
import { credits } from './task.js';

/** Why a command changed nothing. */
export const COMMAND_REFUSALS = [
  'not_found',
  'lease_mismatch',
  'lease_finished',
  'not_failed',
  'payment_required',
  'invalid_api_key',
] as const;
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

/** A command came to nothing. In LEASE. */
export const commandRefused = defineEvent(
  'command-refused',
  1,
  z.object({
    key: z.string(),
    does: z.enum(command.options.map(({ shape }) => shape.does.value)),
    why: z.enum(COMMAND_REFUSALS),
    /** Where credits are why. */
    credits: credits.optional(),
    reply,
  }),
);
