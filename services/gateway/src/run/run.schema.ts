import { z } from 'zod';
import { agentId, body, id, jsonObject, money, toolName } from '../http/contract-fields.js';
import { MAX_JOB_METADATA_BYTES, metadataUpTo, ttl } from '../tasks/tasks.schema.js';

type Members = {
  key?: string | undefined;
  agent_id?: string | undefined;
  tool?: string | undefined;
};
type Complaint = { readonly member: keyof Members; readonly type: string; readonly message: string };

const members = body({
  key: id.optional(),
  ttl: ttl.optional(),
  metadata: metadataUpTo(MAX_JOB_METADATA_BYTES).optional(),
  agent_id: agentId.optional(),
  tool: toolName.optional(),
  args: jsonObject.optional(),
  spend_usd: money.optional(),
  run_id: id.optional(),
  idempotency_key: id.optional(),
  dry_run: z.boolean().optional(),
});

/** `key` makes POST /ai/run a job, `agent_id` and `tool` a governed call; never both. */
export const runBody = members
  .superRefine((value, context) => {
    for (const { member, type, message } of complaints(value)) {
      context.addIssue({ code: 'custom', path: [member], message, params: { type } });
    }
  })
  .transform(({ key, ttl: ttlSec, metadata = {}, agent_id = '', tool = '', ...rest }) =>
    key === undefined
      ? ({ mode: 'tool', call: { agent_id, tool, ...rest } } as const)
      : ({ mode: 'key', key, ttl: ttlSec, metadata } as const),
  );
export type RunSent = z.output<typeof runBody>;
/** A governed call. */
export type RunBody = Extract<RunSent, { mode: 'tool' }>['call'];
/** A job. */
export type JobBody = Extract<RunSent, { mode: 'key' }>;

function complaints({ key, agent_id, tool }: Members): readonly Complaint[] {
  if (key !== undefined) {
    const both = agent_id !== undefined || tool !== undefined;
    return both ? [{ member: 'key', type: 'value_error', message: 'Either key, or agent_id and tool' }] : [];
  }
  return [...(agent_id === undefined ? [missing('agent_id')] : []), ...(tool === undefined ? [missing('tool')] : [])];
}

const missing = (member: keyof Members): Complaint => ({ member, type: 'missing', message: 'Field required' });
