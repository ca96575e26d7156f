import { z } from 'zod';
import { wholeNumberText } from '../http/contract-fields.js';

export const eventsQuery = z.object({
  limit: wholeNumberText(1, 500).default(50),
  offset: wholeNumberText(0, 1_000_000_000).default(0),
  /** Id of the last event that the caller has seen; 0 from the first. */
  after: wholeNumberText(0, Number.MAX_SAFE_INTEGER).optional(),
});
export type EventsQuery = z.output<typeof eventsQuery>;
