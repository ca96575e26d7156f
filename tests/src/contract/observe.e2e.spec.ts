import { Bus, DECISIONS_STREAM } from '@tollgate/journal';
import { answer, eventually } from '../harness/index.js';
import { storedMessages } from '../record/stored-messages.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

describe('contract 4, a policy that observes', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const atTool = (tool: string) => tollgate().tool.at(tool).length;
  const pair = async (policy: object, more: object = {}) => {
    const names = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(names.tool, { ...more });
    await tollgate().policy(names.agent_id, { mode: 'observe', ...policy });
    return names;
  };
  const run = async (body: object): Promise<Json> => (await api().run({ args: { of: fresh('call') }, ...body })).body;
  const EXECUTED = { ok: true, allowed: true, decision: 'executed', policy_reason: 'ok', risk_level: 'low' };
  const would = (policy_reason: string, risk_level: string) => ({ policy_reason, risk_level });
  const BLOCK_LISTED = would('tool_explicitly_blocked', 'medium');
  const NOT_ALLOWED = would('tool_not_in_allowed_list', 'medium');

  row('4/mode', async () => {
    const [agent, tool] = [fresh('agent'), fresh('tool')];
    await tollgate().register(tool);
    const post = async (policy: object) => (await api().post(`/v1/policies/${agent}`, policy)).body;
    const decision = async () => (await run({ agent_id: agent, tool })).decision;
    expect((await post({ blocked_tools: [tool] })).policy).toEqual({ blocked_tools: [tool] });
    expect(await decision()).toBe('blocked');
    expect((await post({ mode: 'observe' })).policy).toEqual({ mode: 'observe', blocked_tools: [tool] });
    expect(await decision()).toBe('executed');
    // Another member leaves the mode as it is.
    expect((await post({ max_actions_per_hour: 9 })).policy.mode).toBe('observe');
    expect((await post({ mode: 'enforce' })).policy.mode).toBe('enforce');
    expect(await decision()).toBe('blocked');
    expect((await post({ mode: null })).policy).not.toHaveProperty('mode');
    for (const mode of ['watch', '', 1, true]) {
      const { status, body } = await api().post(`/v1/policies/${agent}`, { mode });
      expect([mode, status, body.detail[0].loc]).toEqual([mode, 422, ['body', 'mode']]);
    }
  });

  row('4/observe-lists', async () => {
    const bad = fresh('tool');
    await tollgate().register(bad);
    const { agent_id, tool } = await pair({ allowed_tools: [bad], blocked_tools: [bad] });
    expect(await run({ agent_id, tool: bad })).toMatchObject({ ...EXECUTED, would_block: BLOCK_LISTED });
    const args = { n: 1 };
    expect(await run({ agent_id, tool, args })).toMatchObject({ ...EXECUTED, would_block: NOT_ALLOWED });
    expect(await run({ agent_id, tool, args })).toMatchObject({ decision: 'dedup', would_block: NOT_ALLOWED });
    await api().post(`/v1/policies/${agent_id}`, { allowed_tools: [tool] });
    expect(await run({ agent_id, tool })).not.toHaveProperty('would_block');
    expect([atTool(bad), atTool(tool)]).toEqual([1, 2]);
  });

  row('4/observe-caps', async () => {
    const { agent_id, tool } = await pair({});
    const call = { agent_id, tool, spend_usd: 1 };
    await api().post(`/v1/policies/${agent_id}`, { max_actions_per_hour: 1 });
    expect(await run(call)).not.toHaveProperty('would_block');
    const caps = [
      ['max_actions_per_hour_exceeded', 'critical', { max_actions_per_hour: 1 }],
      ['max_calls_per_tool_exceeded', 'high', { max_actions_per_hour: null, max_calls_per_tool: { [tool]: 2 } }],
      ['max_spend_usd_per_day_exceeded', 'critical', { max_calls_per_tool: null, max_spend_usd_per_day: 3 }],
    ] as const;
    for (const [reason, risk, cap] of caps) {
      await api().post(`/v1/policies/${agent_id}`, cap);
      expect(await run(call)).toMatchObject({ ...EXECUTED, spend_usd: 1, would_block: would(reason, risk) });
    }
    // All of it counts.
    expect(await run({ ...call, spend_usd: 0 })).toMatchObject({ would_block: would(caps[2][0], caps[2][1]) });
    await api().put(`/v1/policies/${agent_id}`, { max_spend_usd_per_day: 4.5 });
    expect(await run(call)).toMatchObject({ decision: 'blocked', limit: 4.5, remaining: 0.5 });
    expect(atTool(tool)).toBe(5);
  });

  row('4/observe-first', async () => {
    const { agent_id, tool } = await pair({ max_actions_per_hour: 0 });
    await api().post(`/v1/policies/${agent_id}`, { blocked_tools: [tool] });
    expect(await run({ agent_id, tool })).toMatchObject({ ...EXECUTED, would_block: BLOCK_LISTED });
  });

  row('4/observe-not', async () => {
    const { agent_id, tool } = await pair({ blocked_tools: ['nobody'], allowed_tools: ['nobody'] });
    const unknown = await api().run({ agent_id, tool: 'nobody' });
    expect([unknown.status, unknown.body.detail.error]).toEqual([404, 'tool_not_found']);
    await api().post(`/v1/tools/${tool}/toggle`, { enabled: false });
    const disabled = await api().run({ agent_id, tool });
    expect([disabled.status, disabled.body.detail.error]).toEqual([409, 'tool_disabled']);
    // What it would have been is on the record.
    expect((await api().get(`/v1/agents/${agent_id}/logs`)).body).toMatchObject([
      { decision: 'failed', policy_reason: 'tool_disabled', would_block: NOT_ALLOWED },
      { decision: 'failed', policy_reason: 'tool_not_found', would_block: BLOCK_LISTED },
    ]);
    await api().post(`/v1/agents/${agent_id}/disable`);
    const killed = await run({ agent_id, tool });
    expect(killed).toMatchObject({ decision: 'blocked', policy_reason: 'agent_disabled' });
    expect(killed).not.toHaveProperty('would_block');
  });

  row('4/observe-seen', async () => {
    const { agent_id, tool } = await pair({ max_calls_per_tool: {} });
    await api().post(`/v1/policies/${agent_id}`, { blocked_tools: [tool] });
    const call = await run({ agent_id, tool, spend_usd: 1 });
    tollgate().tool.on(tool, answer(400));
    const failed = await run({ agent_id, tool });
    expect(failed).toMatchObject({ decision: 'failed', policy_reason: 'tool_error', would_block: BLOCK_LISTED });
    const would_block = BLOCK_LISTED;
    expect((await api().get(`/v1/calls/${call.call_id}`)).body).toEqual(call);
    expect((await api().get(`/v1/calls?agent_id=${agent_id}`)).body).toMatchObject([{ would_block }, { would_block }]);
    const logs = (await api().get(`/v1/agents/${agent_id}/logs`)).body;
    expect(logs).toMatchObject([
      { decision: 'failed', would_block },
      { decision: 'executed', allowed: true, would_block },
    ]);
    const { events } = (await api().get(`/v1/runs/${call.run_id}`)).body;
    const saying = events.filter(({ data }: Json) => data.would_block !== undefined);
    expect(saying.map(({ type, data }: Json) => [type, data.would_block])).toEqual(
      ['policy_decided', 'budget_decided', 'run_finished'].map((type) => [type, would_block]),
    );
    expect((await api().get(`/v1/agents/${agent_id}/metrics`)).body).toMatchObject({
      total_actions: 2,
      blocked_actions: 0,
      by_reason: { ok: 1, tool_error: 1 },
      would_block: { tool_explicitly_blocked: 2 },
    });
    const decisions = async (): Promise<Json[]> => {
      const bus = await Bus.connect(tollgate().nats.url, { name: 'contract', reconnect: false });
      const messages = await storedMessages(bus, DECISIONS_STREAM).finally(() => bus.close());
      const events: Json[] = messages.map(({ data }) => JSON.parse(new TextDecoder().decode(data)));
      return events.filter(({ data }) => data.agent_id === agent_id).map(({ data }) => data);
    };
    await eventually('both are published', async () => (await decisions()).length === 2);
    expect(await decisions()).toEqual([...logs].reverse());
  });

  row('4/observe-tried', async () => {
    const { agent_id, tool } = await pair({ max_actions_per_hour: 0 });
    const would_block = would('max_actions_per_hour_exceeded', 'critical');
    const passes = { ...EXECUTED, decision: 'dry_run', would_block };
    expect(await run({ agent_id, tool, dry_run: true })).toMatchObject(passes);
    const test = async (policy: object) => (await api().post(`/v1/policies/${agent_id}/test`, { tool, policy })).body;
    expect(await test({ mode: 'observe', blocked_tools: [tool] })).toMatchObject({
      decision: 'dry_run',
      would_block: BLOCK_LISTED,
    });
    expect(await test({ mode: 'enforce', blocked_tools: [tool] })).toMatchObject({ decision: 'blocked' });
    const results = async (dry_run: boolean): Promise<Json> => {
      const key = fresh('job');
      await api().run({ key, metadata: { agent_id, dry_run, actions: [{ tool }] } });
      const ended = async () => (await api().get(`/v1/ai/result?key=${key}`)).body;
      await eventually('the job has ended', async () => (await ended()).status !== 'in_progress');
      return (await ended()).result.results;
    };
    expect(await results(true)).toMatchObject([{ decision: 'dry_run', would_block }]);
    expect(await results(false)).toMatchObject([{ decision: 'executed', would_block }]);
  });
});
