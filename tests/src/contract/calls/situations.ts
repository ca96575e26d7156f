import { answer } from '../../harness/index.js';
import { row } from '../row.js';
import {
  BLOCK_LISTED,
  DEDUP,
  DISABLED,
  EXECUTED,
  FAILED,
  HOURLY,
  NOT_ALLOWED,
  PER_TOOL,
  SPEND,
  UNKNOWN,
  type Calls,
} from './calls.js';

export function situations({ tollgate, api, atTool, pair, run, unknownCall }: Calls): void {
  describe('situations', () => {
    row('3.1/ran', async () => {
      const call = await pair();
      const ran = await run({ ...call, args: { amount: 100 }, spend_usd: 0.25 });
      expect(ran).toEqual({
        ...EXECUTED,
        result: { n: 1 },
        call_id: expect.stringMatching(/^call_/),
        run_id: ran.call_id,
        args_hash: expect.stringMatching(/^.{16,256}$/),
        spend_usd: 0.25,
      });
      expect(atTool(call.tool).map(({ body }) => body)).toMatchObject([{ ...call, args: { amount: 100 } }]);
    });

    row('3.1/repeat', async () => {
      const call = await pair();
      const first = await run({ ...call, args: { n: 1 } });
      expect(await run({ ...call, args: { n: 1 } })).toMatchObject({ ...DEDUP, result: first.result });
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/not-allowed', async () => {
      const call = await pair({ allowed_tools: ['another'] });
      expect(await run(call)).toMatchObject(NOT_ALLOWED);
      expect(atTool(call.tool)).toHaveLength(0);
    });

    row('3.1/block-listed', async () => {
      const call = await pair();
      await tollgate().policy(call.agent_id, { allowed_tools: [call.tool], blocked_tools: [call.tool] });
      expect(await run(call)).toMatchObject(BLOCK_LISTED);
      expect(atTool(call.tool)).toHaveLength(0);
    });

    row('3.1/disabled-agent', async () => {
      const call = await pair();
      await api().post(`/v1/agents/${call.agent_id}/disable`);
      expect(await run(call)).toMatchObject(DISABLED);
      expect(atTool(call.tool)).toHaveLength(0);
      await api().post(`/v1/agents/${call.agent_id}/enable`);
      expect(await run(call)).toMatchObject(EXECUTED);
    });

    row('3.1/hourly-cap', async () => {
      const call = await pair({ max_actions_per_hour: 2 });
      for (const n of [1, 2]) expect(await run({ ...call, args: { n } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(HOURLY);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/tool-cap', async () => {
      const call = await pair();
      const other = await pair();
      await tollgate().policy(call.agent_id, { max_calls_per_tool: { [call.tool]: 2 } });
      for (const n of [1, 2]) expect(await run({ ...call, args: { n } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(PER_TOOL);
      expect(await run({ ...call, tool: other.tool, args: { n: 3 } })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/spend-cap', async () => {
      const call = await pair({ max_spend_usd_per_day: 1 });
      expect(await run({ ...call, args: { n: 1 }, spend_usd: 0.6 })).toMatchObject({ ...EXECUTED, spend_usd: 0.6 });
      expect(await run({ ...call, args: { n: 2 }, spend_usd: 0.400001 })).toMatchObject({ ...SPEND, spend_usd: 0 });
      expect(await run({ ...call, args: { n: 3 }, spend_usd: 0.4 })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/tool-failed', async () => {
      const call = await pair();
      tollgate().tool.on(call.tool, answer(400, { reason: 'no' }));
      expect(await run({ ...call, spend_usd: 2 })).toMatchObject({ ...FAILED, spend_usd: 0 });
      const unsent = await pair({}, { url: 'http://127.0.0.1:1/', max_retries: 0 });
      expect(await run(unsent)).toMatchObject(FAILED);
    });

    row('3.1/unknown', async () => {
      const { first } = await unknownCall({}, {}, { spend_usd: 2 });
      expect(first).toMatchObject({ ...UNKNOWN, spend_usd: 2 });
    });
  });
}
