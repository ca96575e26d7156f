import type { z } from 'zod';
import { leaseBody } from '../tasks/tasks.schema.js';

export const lockBody = leaseBody;
export type LockBody = z.output<typeof lockBody>;
