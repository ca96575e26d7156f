import { z } from 'zod';
import { policyMode } from '../policy-mode.js';
import { sealedEnvelope } from '../sealed.js';

/** An agent's policy as stored (contract section 4); money in micro-dollars, absent members restrict nothing. */
export const policyDocument = z.object({
  agent: z.string(),
  version: z.number().int(),
  updatedAt: z.number().int(),
  mode: policyMode.optional(),
  allowedTools: z.array(z.string()).optional(),
  blockedTools: z.array(z.string()).optional(),
  maxActionsPerHour: z.number().int().optional(),
  maxSpendPerDay: z.number().int().optional(),
  maxCallsPerTool: z.array(z.object({ tool: z.string(), calls: z.number().int() })).optional(),
  pricingRules: z.array(z.object({ tool: z.string(), price: z.number().int() })).optional(),
});
export type PolicyDocument = z.output<typeof policyDocument>;

/** What a dispatcher does when the outcome of an attempt is unknown (contract section 6). */
export const ON_UNKNOWN = ['hold', 'retry', 'reconcile', 'fail'] as const;

/** The secret that a tool had before, sealed like its own: what is sent to it is signed with both until then. */
export const previousSecret = z.object({
  secret: sealedEnvelope,
  secretId: z.string(),
  /** Ms since the epoch. */
  until: z.number().int(),
});

/** A registered tool as stored (contract section 6); the secret is sealed for the call id `tool:<name>`. */
export const toolDocument = z.object({
  name: z.string(),
  scope: z.string(),
  url: z.string(),
  secret: sealedEnvelope,
  secretId: z.string(),
  secretMask: z.string(),
  /** Version 1 of `tool-set` knew none. */
  previous: previousSecret.optional(),
  timeoutMs: z.number().int(),
  maxRetries: z.number().int(),
  enabled: z.boolean(),
  description: z.string().optional(),
  onUnknown: z.enum(ON_UNKNOWN),
  reconcileUrl: z.string().optional(),
  dedupWindowSec: z.number().int(),
  runIdIsArgument: z.boolean(),
  serverErrorIs: z.enum(['failed', 'unknown']),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type ToolDocument = z.output<typeof toolDocument>;

/** The call id that a tool's secret is sealed for. */
export const secretCallId = (tool: string): string => `tool:${tool}`;

/** A tenant as stored; what is absent is the installation's default. */
export const tenantDocument = z.object({
  id: z.string(),
  name: z.string(),
  at: z.number().int(),
  plan: z.string().optional(),
  email: z.string().optional(),
  notifications: z.object({ email: z.boolean(), toolError: z.boolean(), runFailure: z.boolean() }).optional(),
});
export type TenantDocument = z.output<typeof tenantDocument>;

/** An API key as stored: its hash only (contract section 7). */
export const keyDocument = z.object({
  id: z.string(),
  /** SHA-256 of the key, hex. */
  hash: z.string(),
  preview: z.string(),
  name: z.string().nullable(),
  role: z.enum(['admin', 'agent']),
  agents: z.array(z.string()),
  createdAt: z.number().int(),
  expiresAt: z.number().int().nullable(),
});
export type KeyDocument = z.output<typeof keyDocument>;
