import { z } from 'zod';
import { defineEvent } from '../event.js';

/** Requests of a tenant on a day, `YYYY-MM-DD` UTC, that were refused for the rate of their key. */
export const limitedCount = z.object({ tenant: z.string(), day: z.string(), count: z.number().int() });
export type LimitedCount = z.output<typeof limitedCount>;

/** A gateway has refused requests since it said so last. In NOTES; no stage reads it, and it is nothing but counts. */
export const requestsLimited = defineEvent(
  'requests-limited',
  1,
  z.object({ gateway: z.string(), counts: z.array(limitedCount) }),
);
