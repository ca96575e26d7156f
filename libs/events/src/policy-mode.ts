import { z } from 'zod';

/** `observe` lets through what the policy would block, and says so; without a mode a policy enforces (contract section 4). */
export const policyMode = z.enum(['enforce', 'observe']);
export type PolicyMode = z.output<typeof policyMode>;
