import { z } from 'zod';
import { defineEvent } from '../event.js';

/** Every decision from here on follows CONFIG up to this sequence (rule 12). */
export const configApplied = defineEvent('config-applied', 1, z.object({ seq: z.number().int() }));
