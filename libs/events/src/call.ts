import { z } from 'zod';
import { REASONS } from './outcome.js';
import { policyMode } from './policy-mode.js';
import { payload } from './sealed.js';

/** What identifies a call and is needed to answer, log and time it; every event of the call carries it. */
export const callHeader = z.object({
  callId: z.string(),
  runId: z.string(),
  agent: z.string(),
  tool: z.string(),
  /** Keyed hash (HMAC, a key of the tenant): a plain hash of small arguments could be guessed back. */
  argsHash: z.string(),
  /** Id of the API key that made the call. */
  keyId: z.string(),
  /** The gateway process that waits for the answer. */
  gateway: z.string(),
  /** Until when the caller's connection waits, ms since the epoch; a waiting repeat past it never takes over (rule 9). */
  waitUntil: z.number().int(),
  /** Broker's stamp of `requested`, ms since the epoch; 0 until policy has read it. */
  requestedAt: z.number().int(),
  /** After it nothing is sent, ms since the epoch (rule 5); 0 until policy has read it. */
  deadline: z.number().int(),
  /** Event id that stands for `requested`, which CALLS' many writers cannot give; 0 until policy has read it. */
  requestedId: z.number().int(),
  policyVersion: z.number().int().optional(),
  /** Why its policy, which only observes, would have blocked it: the first reason, in the order of the checks. */
  wouldBlock: z.enum(REASONS).optional(),
});
export type CallHeader = z.output<typeof callHeader>;

export const caps = z.object({
  maxActionsPerHour: z.number().int().optional(),
  maxSpendPerDay: z.number().int().optional(),
  maxCallsPerTool: z.number().int().optional(),
});
/** The caps that hold for one call, as its policy stood when policy decided; spend in micro-dollars. */
export type Caps = z.output<typeof caps>;

/** What policy decided about a call it passes on: everything later stages need, so that they need not read policies. */
export const terms = z.object({
  scope: z.string(),
  /** Micro-dollars: the higher of the pricing rule and the caller's `spend_usd`. */
  cost: z.number().int(),
  caps,
  /** Keyed hash of the arguments as they count for deduplication (without a transported `run_id`). */
  dedupHash: z.string(),
  /** Keyed hash of the caller's idempotency key. */
  idempotencyHash: z.string().optional(),
  windowSec: z.number().int(),
  /** Whether the caps are enforced; absent they are. */
  mode: policyMode.optional(),
});
export type Terms = z.output<typeof terms>;

/** What the lease adds: the key whose holder this call is, and the idempotency key that the tool sees. */
export const grant = z.object({ leaseKey: z.string(), outgoingKey: z.string() });
export type Grant = z.output<typeof grant>;

export const passedCall = z.object({ call: callHeader, terms, args: payload });
export type PassedCall = z.output<typeof passedCall>;

export const leasedCall = passedCall.extend({ grant });
export type LeasedCall = z.output<typeof leasedCall>;
