import { z } from 'zod';
import { body, id, text, wholeNumberText } from '../http/contract-fields.js';
import type { Json } from '../http/json-reader.js';

export const callPath = z.object({ call_id: id });
export type CallPath = z.output<typeof callPath>;

export const callsQuery = z.object({
  status: z.enum(['in_doubt', 'in_progress']).optional(),
  agent_id: id.optional(),
  limit: wholeNumberText(1, 500).default(50),
  offset: wholeNumberText(0, 1_000_000_000).default(0),
});
export type CallsQuery = z.output<typeof callsQuery>;

export const resolveBody = body({
  outcome: z.enum(['executed', 'failed']),
  result: z.custom<Json>(() => true).optional(),
  note: text(1, 2_048),
});
export type ResolveBody = z.output<typeof resolveBody>;
