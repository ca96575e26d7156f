import { answer } from '../../harness/index.js';
import { fresh } from '../installed.js';
import { row } from '../row.js';
import { DEDUP, EXECUTED, FAILED, HOURLY, NOT_ALLOWED, UNKNOWN, type Calls } from './calls.js';

export function dedup({ tollgate, api, atTool, pair, run, resolve, unknownCall }: Calls): void {
  describe('dedup', () => {
    row('3.1/dedup-key', async () => {
      const call = await pair();
      const raw = (args: string) =>
        api().send('POST', '/v1/ai/run', { raw: `{"agent_id":"${call.agent_id}","tool":"${call.tool}"${args}}` });
      expect(await run(call)).toMatchObject(EXECUTED);
      expect((await raw(',"args":{}')).body).toMatchObject(DEDUP);
      expect((await raw(',"args":null')).body).toMatchObject(DEDUP);
      expect((await raw(',"args":{"b":[1,{"y":1,"x":"é"}],"a":1e2}')).body).toMatchObject(EXECUTED);
      expect(
        (await raw(',"args":{ "a" : 100.0, "b":[1.0,{"x":"\\u00e9","y":1}] }, "spend_usd": 9')).body,
      ).toMatchObject(DEDUP);
      for (const other of [
        '{"a":100,"b":[{"x":"é","y":1},1]}',
        '{"a":"100","b":[1,{"x":"é","y":1}]}',
        '{"a":100,"b":[1,{"x":"e\u0301","y":1}]}',
        '{"a":100,"b":[1,{"x":"é","y":null}]}',
      ]) {
        expect((await raw(`,"args":${other}`)).body).toMatchObject(EXECUTED);
      }
      const other = await pair();
      expect(await run({ ...call, agent_id: other.agent_id })).toMatchObject(EXECUTED);
      expect(await run({ ...call, tool: other.tool })).toMatchObject(EXECUTED);
    });

    row('3.1/idempotency-key', async () => {
      const call = await pair();
      const keyed = { ...call, idempotency_key: fresh('key'), args: { n: 1 } };
      const first = await run(keyed);
      expect(first).toMatchObject(EXECUTED);
      expect(await run(keyed)).toMatchObject({ ...DEDUP, original_call_id: first.call_id });
      const reused = await api().run({ ...keyed, args: { n: 2 } });
      expect(reused).toMatchObject({ status: 409, body: { detail: { error: 'idempotency_key_reused' } } });
      // In the place of the args: the same args under another key, or under none, are another call.
      expect(await run({ ...keyed, idempotency_key: fresh('key') })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 1 } })).toMatchObject(EXECUTED);
      const other = await pair();
      expect(await run({ ...keyed, agent_id: other.agent_id, args: { n: 2 } })).toMatchObject(EXECUTED);
      expect(await run({ ...keyed, tool: other.tool, args: { n: 2 } })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(4);
    });

    row('3.1/window', async () => {
      const call = await pair(undefined, { dedup_window_sec: 2 });
      await run(call);
      const completed = Date.now();
      expect(await run(call)).toMatchObject(DEDUP);
      await new Promise((resolve) => setTimeout(resolve, completed + 2_100 - Date.now()));
      expect(await run(call)).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/window-0', async () => {
      const call = await pair(undefined, { dedup_window_sec: 0 });
      const calls = await Promise.all([run(call), run(call), run(call)]);
      for (const one of [...calls, await run(call)]) expect(one).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(4);
      expect(new Set(atTool(call.tool).map(({ body }) => body.idempotency_key)).size).toBe(4);
    });

    row('3.1/window-0-key', async () => {
      const call = { ...(await pair(undefined, { dedup_window_sec: 0 })), idempotency_key: fresh('key') };
      const calls = await Promise.all([run(call), run(call), run(call)]);
      expect(calls.map(({ decision }) => decision).sort()).toEqual(['dedup', 'dedup', 'executed']);
      expect(await run(call)).toMatchObject(DEDUP);
      expect((await api().run({ ...call, args: { n: 2 } })).status).toBe(409);
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/only-completed', async () => {
      const call = await pair();
      tollgate().tool.on(call.tool, answer(400));
      expect(await run(call)).toMatchObject(FAILED);
      tollgate().tool.on(call.tool, answer(200, { second: true }));
      expect(await run(call)).toMatchObject({ ...EXECUTED, result: { second: true } });
      const stopped = await pair({ allowed_tools: ['x'] });
      expect(await run(stopped)).toMatchObject(NOT_ALLOWED);
      await tollgate().policy(stopped.agent_id, {});
      expect(await run(stopped)).toMatchObject(EXECUTED);
      const capped = await pair({ max_actions_per_hour: 0 });
      expect(await run(capped)).toMatchObject(HOURLY);
      await tollgate().policy(capped.agent_id, {});
      expect(await run(capped)).toMatchObject(EXECUTED);
    });

    row('3.1/held', async () => {
      const { call, first } = await unknownCall();
      expect(await run(call)).toMatchObject({ ...UNKNOWN, spend_usd: 0, result: first.result });
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/held-resolved', async () => {
      const done = await unknownCall();
      await resolve(done.first.call_id, 'executed', { result: { given: 1 } });
      const repeat = { ...DEDUP, result: { given: 1 }, original_call_id: done.first.call_id };
      expect(await run(done.call)).toMatchObject(repeat);
      const undone = await unknownCall();
      await resolve(undone.first.call_id, 'failed');
      expect(await run(undone.call)).toMatchObject({ ...EXECUTED, result: { fine: true } });
      expect([atTool(done.call.tool).length, atTool(undone.call.tool).length]).toEqual([1, 2]);
    });
  });
}
