import { answer, drop } from '../../harness/index.js';
import { row } from '../row.js';
import { BLOCK_LISTED, EXECUTED, FAILED, HOURLY, PER_TOOL, SPEND, UNKNOWN, type Calls } from './calls.js';

export function moneyAndCounts({ tollgate, api, pair, run, resolve }: Calls): void {
  describe('money and counts', () => {
    row('3.1/cost', async () => {
      const call = await pair();
      await tollgate().policy(call.agent_id, {
        pricing_rules: [
          { tool: call.tool, price_usd: 0.5 },
          { tool: 'x', price_usd: 7 },
        ],
      });
      const spent = async (n: number, more = {}) => (await run({ ...call, args: { n }, ...more })).spend_usd;
      expect(await spent(1)).toBe(0.5);
      expect(await spent(2, { spend_usd: 0.2 })).toBe(0.5);
      expect(await spent(3, { spend_usd: 0.7 })).toBe(0.7);
      expect((await run(await pair())).spend_usd).toBe(0);
    });

    row('3.1/zero-budget', async () => {
      const call = await pair({ max_spend_usd_per_day: 0 });
      expect(await run(call)).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 2 }, spend_usd: 0.000001 })).toMatchObject({
        ...SPEND,
        limit: 0,
        remaining: 0,
        retry_after_sec: null,
      });
      const exact = await pair({ max_spend_usd_per_day: 0.3 });
      for (const n of [1, 2, 3]) expect(await run({ ...exact, args: { n }, spend_usd: 0.1 })).toMatchObject(EXECUTED);
      expect(await run({ ...exact, args: { n: 4 }, spend_usd: 0.000001 })).toMatchObject(SPEND);
    });

    /** Room for one call by each cap. */
    async function oneCall(tool: object = {}) {
      const call = await pair({ max_actions_per_hour: 1, max_spend_usd_per_day: 1 }, tool);
      await api().post(`/v1/policies/${call.agent_id}`, { max_calls_per_tool: { [call.tool]: 1 } });
      return { ...call, spend_usd: 1 };
    }

    row('3.1/given-back-all', async () => {
      const unsent = await oneCall({ url: 'http://127.0.0.1:1/', max_retries: 0 });
      expect(await run({ ...unsent, args: { n: 1 } })).toMatchObject(FAILED);
      await api().post('/v1/tools', { name: unsent.tool, url: tollgate().tool.url(unsent.tool) });
      expect(await run({ ...unsent, args: { n: 2 } })).toMatchObject(EXECUTED);
      expect(await run({ ...unsent, args: { n: 3 } })).toMatchObject(HOURLY);
      const refused = await oneCall({ max_retries: 0 });
      tollgate().tool.on(refused.tool, answer(429));
      expect(await run({ ...refused, args: { n: 1 } })).toMatchObject({
        ...FAILED,
        result: { error: 'refused', status: 429 },
      });
      tollgate().tool.on(refused.tool, answer(200));
      expect(await run({ ...refused, args: { n: 2 } })).toMatchObject(EXECUTED);
    });

    row('3.1/given-back-resolved', async () => {
      const call = await oneCall();
      tollgate().tool.on(call.tool, drop);
      const first = await run({ ...call, args: { n: 1 } });
      expect(first).toMatchObject(UNKNOWN);
      tollgate().tool.on(call.tool, answer(200));
      expect(await run({ ...call, args: { n: 2 } })).toMatchObject(HOURLY);
      await resolve(first.call_id, 'failed');
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(EXECUTED);
    });

    row('3.1/given-back-money', async () => {
      const call = await pair({ max_actions_per_hour: 3, max_spend_usd_per_day: 1 });
      tollgate().tool.on(call.tool, answer(400));
      const paid = { ...call, spend_usd: 1 };
      expect(await run({ ...paid, args: { n: 1 } })).toMatchObject({ ...FAILED, spend_usd: 0 });
      expect(await run({ ...paid, args: { n: 2 } })).toMatchObject(FAILED);
      tollgate().tool.on(call.tool, answer(200));
      expect(await run({ ...paid, args: { n: 3 } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 4 } })).toMatchObject(HOURLY);
      const perTool = await pair();
      await tollgate().policy(perTool.agent_id, { max_calls_per_tool: { [perTool.tool]: 1 } });
      tollgate().tool.on(perTool.tool, answer(400));
      expect(await run({ ...perTool, args: { n: 1 } })).toMatchObject(FAILED);
      expect(await run({ ...perTool, args: { n: 2 } })).toMatchObject(PER_TOOL);
    });

    row('3.1/blocked-uncounted', async () => {
      const call = await oneCall();
      await api().post(`/v1/policies/${call.agent_id}`, { blocked_tools: ['bad'] });
      for (const n of [1, 2, 3]) expect(await run({ ...call, tool: 'bad', args: { n } })).toMatchObject(BLOCK_LISTED);
      for (const n of [1, 2, 3]) expect(await run({ ...call, args: { n }, spend_usd: 2 })).toMatchObject(SPEND);
      expect((await api().run({ ...call, tool: 'nobody' })).status).toBe(404);
      expect(await run(call)).toMatchObject(EXECUTED);
    });
  });
}
