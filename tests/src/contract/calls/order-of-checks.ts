import { fresh } from '../installed.js';
import { row } from '../row.js';
import { BLOCK_LISTED, DEDUP, DISABLED, EXECUTED, HOURLY, NOT_ALLOWED, PER_TOOL, SPEND, type Calls } from './calls.js';

export function orderOfChecks({ tollgate, api, atTool, pair, run }: Calls): void {
  describe('the order of checks', () => {
    row('3.1/scopes', async () => {
      const [mine, other] = [fresh('agent'), fresh('agent')];
      const tool = fresh('tool');
      const own = fresh('own');
      await tollgate().register(tool);
      await tollgate().register(tool, { scope_id: `agent:${mine}`, url: tollgate().tool.url(own) });
      expect(await run({ agent_id: mine, tool })).toMatchObject(EXECUTED);
      expect([atTool(own).length, atTool(tool).length]).toEqual([1, 0]);
      expect(await run({ agent_id: other, tool })).toMatchObject(EXECUTED);
      expect([atTool(own).length, atTool(tool).length]).toEqual([1, 1]);
      await api().post(`/v1/tools/${tool}/toggle?scope_id=agent:${mine}`, { enabled: false });
      expect((await api().run({ agent_id: mine, tool, args: { n: 2 } })).status).toBe(409);
      await api().delete(`/v1/tools/${tool}?scope_id=agent:${mine}`);
      // The scope is part of the dedup key: the same call at another tool is another call.
      expect(await run({ agent_id: mine, tool })).toMatchObject(EXECUTED);
      expect(atTool(tool)).toHaveLength(2);
    });

    row('3.1/order', async () => {
      const call = await pair({ max_actions_per_hour: 1, max_spend_usd_per_day: 1 });
      const { agent_id, tool } = call;
      const paid = { ...call, args: { n: 1 }, spend_usd: 1 };
      const another = { ...call, args: { n: 2 }, spend_usd: 5 };
      await api().post(`/v1/policies/${agent_id}`, { max_calls_per_tool: { [tool]: 1 } });
      expect(await run(paid)).toMatchObject(EXECUTED);
      // Each check is reached when those before it pass.
      expect(await run(another)).toMatchObject(HOURLY);
      await api().post(`/v1/policies/${agent_id}`, { max_actions_per_hour: null });
      expect(await run(another)).toMatchObject(PER_TOOL);
      await api().post(`/v1/policies/${agent_id}`, { max_calls_per_tool: null });
      expect(await run(another)).toMatchObject(SPEND);
      // Dedup comes before every cap.
      await api().post(`/v1/policies/${agent_id}`, { max_actions_per_hour: 0 });
      expect(await run(paid)).toMatchObject(DEDUP);
      // The tool comes before dedup.
      await api().post(`/v1/tools/${tool}/toggle`, { enabled: false });
      expect((await api().run(paid)).status).toBe(409);
      // The allow list comes before the tool, the block list before it, the agent's state before all.
      await api().post(`/v1/policies/${agent_id}`, { allowed_tools: ['x'] });
      expect(await run(paid)).toMatchObject(NOT_ALLOWED);
      await api().post(`/v1/policies/${agent_id}`, { blocked_tools: [tool] });
      expect(await run(paid)).toMatchObject(BLOCK_LISTED);
      await api().post(`/v1/agents/${agent_id}/disable`);
      expect(await run(paid)).toMatchObject(DISABLED);
    });

    row('3.1/repeat-is-free', async () => {
      const call = await pair({ max_actions_per_hour: 2, max_spend_usd_per_day: 2 });
      await api().post(`/v1/policies/${call.agent_id}`, { max_calls_per_tool: { [call.tool]: 2 } });
      for (const decision of ['executed', 'dedup', 'dedup', 'dedup']) {
        expect(await run({ ...call, args: { n: 1 }, spend_usd: 1 })).toMatchObject({ decision });
      }
      expect(await run({ ...call, args: { n: 2 }, spend_usd: 1 })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(HOURLY);
    });
  });
}
