import { z } from 'zod';
import { defineEvent } from '../event.js';

/**
 * A client put an event of its own on a run's timeline (contract section 8). In NOTES; no stage reads it, and it is
 * nothing but a row there. Its id is made of its message (see `noteId`).
 */
export const notePosted = defineEvent(
  'note-posted',
  1,
  z.object({
    runId: z.string(),
    type: z.string(),
    /** When it happened, by the client's word, ms since the epoch; otherwise when the broker stored it. */
    at: z.number().optional(),
    status: z.string().optional(),
    durationMs: z.number().int().optional(),
    step: z.string().optional(),
    tool: z.string().optional(),
    reqId: z.string().optional(),
    leaseId: z.string().optional(),
    agent: z.string().optional(),
    message: z.string().optional(),
    /** The client's own: shown as it is. */
    data: z.record(z.string(), z.unknown()).optional(),
    /** Id of the API key. */
    keyId: z.string(),
  }),
);
