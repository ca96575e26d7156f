import { z } from 'zod';
import { defineEvent } from '../event.js';

/** The first append of a new owner: shuts out what the old one has under way and starts a new epoch (rule 3). */
export const ownerChanged = defineEvent('owner-changed', 1, z.object({ owner: z.string(), epoch: z.string() }));
