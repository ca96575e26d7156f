import { z } from 'zod';
import { id, wholeNumberText } from '../http/contract-fields.js';

export const runPath = z.object({ run_id: id });
export type RunPath = z.output<typeof runPath>;

export const timelineQuery = z.object({
  limit: wholeNumberText(1, 2_000).default(200),
  offset: wholeNumberText(0, 1_000_000_000).default(0),
});
export type TimelineQuery = z.output<typeof timelineQuery>;
