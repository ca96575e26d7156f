import { z } from 'zod';

/** What an operator asks audit; plain messages, stored nowhere. */
export const projectionQuestion = z.discriminatedUnion('does', [
  z.object({ does: z.literal('list') }),
  z.object({ does: z.literal('rebuild'), what: z.enum(['postgres', 'redis']) }),
]);
export type ProjectionQuestion = z.output<typeof projectionQuestion>;

/** How far one projection has stored one source. */
const projected = z.object({
  projection: z.string(),
  source: z.string(),
  state: z.string(),
  /** Last sequence that is stored, and how many messages come after it. */
  stored: z.number().int(),
  behind: z.number().int(),
});

/** What audit answers. */
export const projectionWord = z.union([
  z.object({ projections: z.array(projected) }),
  /** Since when, ISO-8601; everything before it stays as it is. */
  z.object({ rebuilds: z.string() }),
  z.object({ failed: z.string() }),
]);
export type ProjectionWord = z.output<typeof projectionWord>;
