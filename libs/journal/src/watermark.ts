import { z } from 'zod';

/**
 * An owner's word: no event with an id up to this one will be journaled from here on, unless somebody else has become
 * the owner, which its epoch tells (rule 16).
 */
export const watermark = z.object({ epoch: z.string(), id: z.number().int() });
export type Watermark = z.output<typeof watermark>;
