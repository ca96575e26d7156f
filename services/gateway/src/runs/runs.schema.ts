import { z } from 'zod';
import { id, text, wholeNumberText } from '../http/contract-fields.js';

export const runPath = z.object({ run_id: id });
export type RunPath = z.output<typeof runPath>;

export const runsQuery = z.object({
  limit: wholeNumberText(1, 500).default(50),
  offset: wholeNumberText(0, 1_000_000_000).default(0),
  /** What the run's id begins with; nothing is every run. */
  q: text(0, 256)
    .transform((q) => (q === '' ? undefined : q))
    .optional(),
});
export type RunsQuery = z.output<typeof runsQuery>;

export const timelineQuery = z.object({
  limit: wholeNumberText(1, 2_000).default(200),
  offset: wholeNumberText(0, 1_000_000_000).default(0),
});
export type TimelineQuery = z.output<typeof timelineQuery>;
