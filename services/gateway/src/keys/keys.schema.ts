import { z } from 'zod';
import { agentId, body, id, list, text } from '../http/contract-fields.js';

/** An agent key names the agents it speaks for; `*` for all of them only written out. */
export const keyBody = body({
  name: text(0, 256).optional(),
  role: z.enum(['admin', 'agent']),
  agents: list(agentId).optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
}).refine(({ role, agents }) => role === 'admin' || (agents !== undefined && agents.length > 0), {
  path: ['agents'],
  message: 'An agent key names at least one agent',
});
export type KeyBody = z.output<typeof keyBody>;

export const keyPath = z.object({ id });
export type KeyPath = z.output<typeof keyPath>;
