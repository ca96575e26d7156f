import { readFileSync } from 'node:fs';
import { DEFAULT_PLANS, type Plan } from '@tollgate/events';
import { z } from 'zod';

const count = z.number().int().min(0);

/** Seconds in a plan are whole and positive; credits and tools of 0 are unlimited. */
const plan = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  caps: z.boolean(),
  pricing: z.boolean(),
  agents: z.boolean(),
  maxTools: count,
  ttlSec: z
    .strictObject({
      default: z.number().int().min(1),
      most: z
        .number()
        .int()
        .min(1)
        .max(366 * 86_400),
    })
    .refine((ttl) => ttl.default <= ttl.most),
  credits: z.strictObject({ make: count, ai: count }),
  stopsAtCredits: z.boolean(),
});

/**
 * The plan table in a file: each plan replaces the built-in one of its name, or is added.
 *
 * @throws when it cannot be read, or is no list of plans
 */
export function readPlans(path: string): readonly Plan[] {
  const own = z.array(plan).parse(JSON.parse(readFileSync(path, 'utf8')));
  const names = new Set(own.map(({ name }) => name));
  return [...DEFAULT_PLANS.filter(({ name }) => !names.has(name)), ...own];
}
