import { answer, drop, type Answer, type Installation } from '../../harness/index.js';
import { fresh } from '../installed.js';
import type { Json } from '../json.js';
import { PatientApi } from '../patient-api.js';

export const EXECUTED = { ok: true, allowed: true, decision: 'executed', policy_reason: 'ok', risk_level: 'low' };
export const DEDUP = {
  ok: true,
  allowed: true,
  decision: 'dedup',
  policy_reason: 'tool_idempotency',
  risk_level: 'low',
};
export const FAILED = {
  ok: false,
  allowed: true,
  decision: 'failed',
  policy_reason: 'tool_error',
  risk_level: 'medium',
};
export const UNKNOWN = {
  ok: false,
  allowed: true,
  decision: 'failed',
  policy_reason: 'outcome_unknown',
  risk_level: 'high',
};
const blocked = (policy_reason: string, risk_level: string) => ({
  ok: true,
  allowed: false,
  decision: 'blocked',
  policy_reason,
  risk_level,
});
export const HOURLY = blocked('max_actions_per_hour_exceeded', 'critical');
export const PER_TOOL = blocked('max_calls_per_tool_exceeded', 'high');
export const SPEND = blocked('max_spend_usd_per_day_exceeded', 'critical');
export const NOT_ALLOWED = blocked('tool_not_in_allowed_list', 'medium');
export const BLOCK_LISTED = blocked('tool_explicitly_blocked', 'medium');
export const DISABLED = blocked('agent_disabled', 'critical');

/** What the tests of calls do with their one installation, which is there inside tests only. */
export class Calls {
  constructor(readonly tollgate: () => Installation) {}

  api = () => PatientApi.of(this.tollgate().api);
  atTool = (tool: string) => this.tollgate().tool.at(tool);

  /** An agent of its own and a tool of its own, with a policy where one is given. */
  pair = async (policy?: object, tool: object = {}) => {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await this.tollgate().register(call.tool, { ...tool });
    if (policy !== undefined) await this.tollgate().policy(call.agent_id, { ...policy });
    return call;
  };

  run = async (body: Readonly<Record<string, unknown>>, headers = {}): Promise<Json> => {
    const { status, body: answered } = await this.api().run(body, headers);
    expect([status, answered]).toMatchObject([200, { decision: expect.any(String) }]);
    return answered;
  };

  resolve = (callId: string, outcome: string, more: object = {}): Promise<Answer> =>
    this.api().post(`/v1/calls/${callId}/resolve`, { outcome, note: 'looked at the books', ...more });

  /** A call whose connection drops after the tool took it. */
  unknownCall = async (policy?: object, tool: object = {}, more: object = {}) => {
    const call = { ...(await this.pair(policy, tool)), ...more };
    this.tollgate().tool.on(call.tool, drop);
    const first = await this.run(call);
    expect(first).toMatchObject(UNKNOWN);
    this.tollgate().tool.on(call.tool, answer(200, { fine: true }));
    return { call, first };
  };
}
