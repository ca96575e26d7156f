import { z } from 'zod';
import { defineEvent } from '../event.js';

/** An action of a job is put into CALLS once this is in the journal; a new owner puts it again (rule 18). In LEASE. */
export const actionBegun = defineEvent(
  'action-begun',
  1,
  z.object({ key: z.string(), leaseId: z.string(), callId: z.string() }),
);
