import { z } from 'zod';
import { defineEvent } from '../event.js';

/**
 * What a stage still needs, so that the rest may be purged (rule 15): of its own journal what is stamped `from` on
 * (ms since the epoch: everything older has been journaled again), and of other streams what lies at `seq` and behind.
 * A need without `subject` is one of the whole stream. Its batch bears the position of every source.
 */
export const journalKept = defineEvent(
  'journal-kept',
  1,
  z.object({
    from: z.number().int(),
    needs: z.array(z.object({ stream: z.string(), subject: z.string().optional(), seq: z.number().int() })),
  }),
);
