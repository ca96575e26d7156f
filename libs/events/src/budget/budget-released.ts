import { z } from 'zod';
import { defineEvent } from '../event.js';

/** What a call had reserved is given back: all of it, or the money only (contract 3.1, windows). In BUDGET. */
export const budgetReleased = defineEvent(
  'budget-released',
  1,
  z.object({ agent: z.string(), callId: z.string(), what: z.enum(['all', 'money']) }),
);
