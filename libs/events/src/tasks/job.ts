import { z } from 'zod';
import { requestedCall } from '../calls/requested.js';
import { DECISIONS, REASONS } from '../outcome.js';
import { payload } from '../sealed.js';

/** How an action ended; `dry_run` only in a job that was only asked about. */
export const endedAction = z.object({
  tool: z.string(),
  callId: z.string(),
  decision: z.enum([...DECISIONS, 'dry_run']),
  reason: z.enum(REASONS),
  /** Why its policy, which only observes, would have blocked it. */
  wouldBlock: z.enum(REASONS).optional(),
  /** Stands for the `result` of a failed action. */
  error: z.object({ code: z.string(), status: z.number().int().nullable() }).optional(),
  result: payload.optional(),
});
export type EndedAction = z.output<typeof endedAction>;

/** What the server runs under a lease (contract 3.2): one governed call after the other, each with an id of its own. */
export const job = z.object({
  runId: z.string(),
  /** Whose calls its actions are; a job without actions may name nobody. */
  agent: z.string().optional(),
  dryRun: z.boolean(),
  /** Of a dry run none: what would happen is in `ended` already. */
  actions: z.array(requestedCall),
  /** Actions beyond those that a job may have. */
  skipped: z.number().int(),
  ended: z.array(endedAction),
});
export type Job = z.output<typeof job>;

/** Jobs did not always say whose they are: those of before say it in their actions only. */
export const agentOfJob = ({ agent, actions }: Pick<Job, 'agent' | 'actions'>): string | undefined =>
  agent ?? actions[0]?.call.agent;
