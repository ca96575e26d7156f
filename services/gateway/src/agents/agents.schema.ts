import { z } from 'zod';
import { agentId, body, reason, wholeNumberText } from '../http/contract-fields.js';

export const agentPath = z.object({ agent_id: agentId });
export type AgentPath = z.output<typeof agentPath>;

/** `reason` is taken by both; enabling has no use for it. */
export const switchBody = body({ reason: reason.optional() });
export type SwitchBody = z.output<typeof switchBody>;

export const logsQuery = z.object({ limit: wholeNumberText(1, 500).default(100) });
export type LogsQuery = z.output<typeof logsQuery>;

export const metricsQuery = z.object({ period: z.enum(['hour', 'day', 'week']).default('day') });
export type MetricsQuery = z.output<typeof metricsQuery>;
