import { answer } from '../../harness/index.js';
import { fresh } from '../installed.js';
import { row } from '../row.js';
import { BLOCK_LISTED, DEDUP, HOURLY, NOT_ALLOWED, SPEND, type Calls } from './calls.js';

export function answers({ tollgate, api, atTool, pair, run, unknownCall }: Calls): void {
  describe('answers', () => {
    row('3.1/cap-detail', async () => {
      const hourly = await pair({ max_actions_per_hour: 1 });
      await run({ ...hourly, args: { n: 1 } });
      const byHour = await run({ ...hourly, args: { n: 2 } });
      expect(byHour).toMatchObject({ limit: 1, remaining: 0 });
      expect(byHour.retry_after_sec).toBeGreaterThan(3_500);
      expect(byHour.retry_after_sec).toBeLessThanOrEqual(3_600);
      expect(Number.isInteger(byHour.retry_after_sec)).toBe(true);

      const midnight = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400;
      const perTool = await pair();
      await tollgate().policy(perTool.agent_id, { max_calls_per_tool: { [perTool.tool]: 1 } });
      await run({ ...perTool, args: { n: 1 } });
      const byTool = await run({ ...perTool, args: { n: 2 } });
      expect(byTool).toMatchObject({ limit: 1, remaining: 0 });
      expect(Math.abs(byTool.retry_after_sec - (midnight - Date.now() / 1_000))).toBeLessThan(10);

      const spend = await pair({ max_spend_usd_per_day: 1.5 });
      await run({ ...spend, args: { n: 1 }, spend_usd: 1 });
      const bySpend = await run({ ...spend, args: { n: 2 }, spend_usd: 1 });
      expect(bySpend).toMatchObject({ limit: 1.5, remaining: 0.5 });
      expect(Math.abs(bySpend.retry_after_sec - (midnight - Date.now() / 1_000))).toBeLessThan(10);

      const never = { retry_after_sec: null };
      expect(await run({ ...spend, args: { n: 3 }, spend_usd: 2 })).toMatchObject({
        ...SPEND,
        remaining: 0.5,
        ...never,
      });
      expect(await run(await pair({ max_actions_per_hour: 0 }))).toMatchObject({
        ...HOURLY,
        limit: 0,
        remaining: 0,
        ...never,
      });
      expect(await run(await pair({ allowed_tools: ['x'] }))).not.toHaveProperty('limit');
    });

    row('3.1/result-object', async () => {
      const call = await pair();
      for (const [body, result] of [
        [[1, 2], { value: [1, 2] }],
        ['text', { value: 'text' }],
        [null, { value: null }],
        [{ a: [1] }, { a: [1] }],
      ]) {
        tollgate().tool.on(call.tool, answer(200, body));
        const sent = { ...call, args: { body } };
        expect((await run(sent)).result).toEqual(result);
        expect(await run(sent)).toMatchObject({ ...DEDUP, result });
      }
      expect(await run(await pair({ allowed_tools: ['x'] }))).not.toHaveProperty('result');
    });

    row('3.1/failed-result', async () => {
      const call = await pair();
      tollgate().tool.on(call.tool, answer(418, { secret: 'of the tool' }));
      expect((await run(call)).result).toEqual({ error: 'tool_error', status: 418 });
      const unsent = await pair({}, { url: 'http://127.0.0.1:1/', max_retries: 0 });
      expect((await run(unsent)).result).toEqual({ error: 'connect_failed', status: null });
      expect((await unknownCall()).first.result).toEqual({ error: 'connection_lost', status: null });
    });

    row('3.1/dedup-answer', async () => {
      const call = await pair();
      const first = await run({ ...call, spend_usd: 1, run_id: fresh('run') });
      const repeat = await run({ ...call, spend_usd: 1 });
      expect(repeat).toMatchObject({
        ...DEDUP,
        spend_usd: 0,
        original_call_id: first.call_id,
        args_hash: first.args_hash,
      });
      expect(repeat.call_id).not.toBe(first.call_id);
      expect(repeat.run_id).toBe(repeat.call_id);
      expect(first).not.toHaveProperty('original_call_id');
    });

    row('3.1/hang-up', async () => {
      const call = await pair();
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const { promise: goOn, resolve: proceed } = Promise.withResolvers<void>();
      tollgate().tool.on(call.tool, async (received, response) => {
        reach();
        await goOn;
        await answer(200, { done: true })(received, response);
      });
      const gone = new AbortController();
      const hungUp = api()
        .send('POST', '/v1/ai/run', { body: call, signal: gone.signal })
        .catch(() => 'hung up');
      await reached;
      gone.abort();
      expect(await hungUp).toBe('hung up');
      proceed();
      expect(await run(call)).toMatchObject({ ...DEDUP, result: { done: true } });
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/unknown-tool', async () => {
      const call = { agent_id: fresh('agent'), tool: fresh('nobody') };
      const refused = await api().run(call);
      expect(refused).toMatchObject({ status: 404, body: { detail: { error: 'tool_not_found' } } });
      const [log] = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      expect(log).toMatchObject({
        ...call,
        allowed: true,
        decision: 'failed',
        policy_reason: 'tool_not_found',
        risk_level: 'medium',
        spend_usd: 0,
      });
    });

    row('3.1/disabled-tool', async () => {
      const call = await pair(undefined, { enabled: false });
      expect(await api().run(call)).toMatchObject({ status: 409, body: { detail: { error: 'tool_disabled' } } });
      const [log] = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      expect(log).toMatchObject({ decision: 'failed', policy_reason: 'tool_disabled', risk_level: 'medium' });
      const { events } = (await api().get(`/v1/runs/${log.run_id}`)).body;
      expect(events.at(-1)).toMatchObject({
        type: 'run_finished',
        status: 'failed',
        data: { policy_reason: 'tool_disabled' },
      });
      expect(atTool(call.tool)).toHaveLength(0);
    });

    row('3.1/forbidden-name', async () => {
      const agent_id = fresh('agent');
      await tollgate().policy(agent_id, { allowed_tools: ['x'], blocked_tools: ['not-registered'] });
      expect(await run({ agent_id, tool: 'not-registered' })).toMatchObject(BLOCK_LISTED);
      expect(await run({ agent_id, tool: 'also-not-registered' })).toMatchObject(NOT_ALLOWED);
      expect((await api().run({ agent_id, tool: 'x' })).status).toBe(404);
    });
  });
}
