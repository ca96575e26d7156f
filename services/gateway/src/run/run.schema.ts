import { z } from 'zod';
import { agentId, body, id, jsonObject, money, toolName } from '../http/contract-fields.js';

type Members = {
  key?: string | undefined;
  agent_id?: string | undefined;
  tool?: string | undefined;
  dry_run?: boolean | undefined;
};
type Complaint = { readonly member: keyof Members; readonly type: string; readonly message: string };

const members = body({
  key: id.optional(),
  agent_id: agentId.optional(),
  tool: toolName.optional(),
  args: jsonObject.optional(),
  spend_usd: money.optional(),
  run_id: id.optional(),
  idempotency_key: id.optional(),
  dry_run: z.boolean().optional(),
});

/** Tool mode of POST /ai/run. `key` would make it key mode, and never goes with the members of the other. */
export const runBody = members
  .superRefine((value, context) => {
    for (const { member, type, message } of complaints(value)) {
      context.addIssue({ code: 'custom', path: [member], message, params: { type } });
    }
  })
  .transform(({ agent_id = '', tool = '', key: _key, dry_run: _dryRun, ...rest }) => ({ agent_id, tool, ...rest }));
export type RunBody = z.output<typeof runBody>;

function complaints({ key, agent_id, tool, dry_run }: Members): readonly Complaint[] {
  if (key !== undefined) {
    const message =
      agent_id === undefined && tool === undefined ? 'Not supported yet' : 'Either key, or agent_id and tool';
    return [{ member: 'key', type: 'value_error', message }];
  }
  return [
    ...(agent_id === undefined ? [missing('agent_id')] : []),
    ...(tool === undefined ? [missing('tool')] : []),
    ...(dry_run === true ? [{ member: 'dry_run', type: 'not_supported', message: 'Not supported yet' } as const] : []),
  ];
}

const missing = (member: keyof Members): Complaint => ({ member, type: 'missing', message: 'Field required' });
