import { z } from 'zod';
import { payload } from '../sealed.js';
import { job } from './job.js';

const at = z.number().int();

/** Where a task is (contract section 2); all but `in_progress` are remembered for seven days. */
export const taskState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('in_progress') }),
  z.object({
    is: z.literal('completed'),
    at,
    resultHash: z.string().optional(),
    result: payload.optional(),
    resultDropped: z.boolean().optional(),
  }),
  z.object({ is: z.literal('failed'), at, errorCode: z.string() }),
  z.object({ is: z.literal('canceled'), at }),
  z.object({ is: z.literal('expired'), at }),
  /** An operator freed it: leasable, and unknown to those who ask. */
  z.object({ is: z.literal('reset'), at }),
]);
export type TaskState = z.output<typeof taskState>;

/** A key that somebody leased to do something once, and how it stands. Times in ms since the epoch. */
export const task = z.object({
  key: z.string(),
  state: taskState,
  /** Of its last holder. */
  leaseId: z.string(),
  /** The fencing token: grows with every lease and extend. */
  version: z.number().int(),
  ttlSec: z.number().int(),
  /** Deadline of the lease. */
  until: z.number().int(),
  firstSeenAt: z.number().int(),
  /** What its holder was answered, which the same `Idempotency-Key` is answered again. */
  acquired: z.object({ version: z.number().int(), usage: z.number().int(), charged: z.number().int() }),
  repeatHash: z.string().optional(),
  job: job.optional(),
});
export type Task = z.output<typeof task>;

/** A key that somebody locked (contract section 1). Times in ms since the epoch. */
export const lock = z.object({
  key: z.string(),
  ttlSec: z.number().int(),
  until: z.number().int(),
  firstSeenAt: z.number().int(),
  repeatHash: z.string().optional(),
});
export type Lock = z.output<typeof lock>;

/** What an answer says of the tenant's credits. */
export const credits = z.object({
  plan: z.string(),
  /** Used this month, with this one. */
  usage: z.number().int(),
  /** 0 is unlimited. */
  limit: z.number().int(),
  charged: z.number().int(),
});
export type Credits = z.output<typeof credits>;

/** Credits used in one month. */
export const monthUsage = z.object({
  /** `YYYY-MM`, UTC. */
  month: z.string(),
  make: z.number().int(),
  ai: z.number().int(),
});
export type MonthUsage = z.output<typeof monthUsage>;
