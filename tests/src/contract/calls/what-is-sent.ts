import { fresh } from '../installed.js';
import type { Json } from '../json.js';
import { row } from '../row.js';
import { DEDUP, EXECUTED, type Calls } from './calls.js';

export function whatIsSent({ api, atTool, pair, run }: Calls): void {
  describe('what is sent', () => {
    row('3.1/modes', async () => {
      const call = await pair();
      for (const body of [{ key: 'k', ...call }, { key: 'k', tool: call.tool }, { key: 'k', agent_id: 'a' }, {}]) {
        expect([body, (await api().run(body)).status]).toEqual([body, 422]);
      }
    });

    row('3.1/members', async () => {
      const { agent_id, tool } = await pair();
      for (const body of [{ agent_id }, { tool }, { agent_id: 1, tool }, { agent_id, tool: {} }]) {
        expect([body, (await api().run(body)).status]).toEqual([body, 422]);
      }
      for (const args of ['text', 1, true, [], [{}]])
        expect((await api().run({ agent_id, tool, args })).status).toBe(422);
      for (const spend_usd of [-0.01, 'x', '1', true, []]) {
        expect((await api().run({ agent_id, tool, spend_usd })).status).toBe(422);
      }
      expect(atTool(tool)).toHaveLength(0);
    });

    row('3.1/idempotency-header', async () => {
      const call = await pair();
      const key = fresh('key');
      const first = await run({ ...call, idempotency_key: key });
      const same = { ...DEDUP, original_call_id: first.call_id };
      expect(await run(call, { 'idempotency-key': key })).toMatchObject(same);
      expect(await run(call, { 'idempotency-key': `"${key}"` })).toMatchObject(same);
      expect(await run({ ...call, idempotency_key: key }, { 'idempotency-key': `"${key}"` })).toMatchObject(same);
      const refused = [
        await api().run({ ...call, idempotency_key: key }, { 'idempotency-key': 'another' }),
        await api().run(call, { 'idempotency-key': 'x'.repeat(257) }),
        await api().run({ ...call, idempotency_key: 'x'.repeat(257) }),
        await api().run(call, { 'idempotency-key': '""' }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
      expect(await run({ ...call, args: { n: 2 } }, { 'idempotency-key': 'x'.repeat(256) })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/run-id', async () => {
      const call = await pair();
      const run_id = fresh('run');
      const [one, other] = [
        await run({ ...call, run_id, args: { n: 1 } }),
        await run({ ...call, run_id, args: { n: 2 } }),
      ];
      expect([one.run_id, other.run_id]).toEqual([run_id, run_id]);
      expect(await run({ ...call, run_id: fresh('run'), args: { n: 1 } })).toMatchObject(DEDUP);
      const alone = await run({ ...call, args: { n: 3 } });
      expect(alone.run_id).toBe(alone.call_id);
      const { events } = (await api().get(`/v1/runs/${run_id}`)).body;
      expect(new Set(events.map(({ call_id }: Json) => call_id))).toEqual(new Set([one.call_id, other.call_id]));
    });

    row('3.1/run-id-argument', async () => {
      const call = await pair();
      const [one, other] = [fresh('run'), fresh('run')];
      const first = await run({ ...call, args: { n: 1, run_id: one } });
      expect(first).toMatchObject({ ...EXECUTED, run_id: one });
      expect(atTool(call.tool)[0]!.body).toMatchObject({ run_id: one, args: { n: 1, run_id: one } });
      expect(await run({ ...call, args: { n: 1, run_id: other } })).toMatchObject({ ...DEDUP, run_id: other });
      expect(await run({ ...call, args: { n: 1 } })).toMatchObject(DEDUP);
      for (const bad of ['', 'x'.repeat(257), 'a\u0001']) {
        expect((await api().run({ ...call, args: { run_id: bad } })).status).toBe(422);
      }
    });

    row('3.1/run-id-ordinary', async () => {
      const call = await pair();
      const run_id = fresh('run');
      expect(await run({ ...call, run_id, args: { run_id: 'x' } })).toMatchObject({ ...EXECUTED, run_id });
      expect(await run({ ...call, run_id, args: { run_id: 'y' } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { run_id: 1 } })).toMatchObject(EXECUTED);
      const second = await run({ ...call, args: { run_id: 2 } });
      expect(second).toMatchObject({ ...EXECUTED, run_id: second.call_id });
      const counting = await pair({}, { run_id_is_argument: true });
      const one = await run({ ...counting, args: { run_id: 'x' } });
      expect(one).toMatchObject({ ...EXECUTED, run_id: one.call_id });
      expect(await run({ ...counting, args: { run_id: 'y' } })).toMatchObject(EXECUTED);
      expect(await run({ ...counting, args: { run_id: 'x'.repeat(300) } })).toMatchObject(EXECUTED);
      expect(await run({ ...counting, args: { run_id: 'x' } })).toMatchObject(DEDUP);
    });
  });
}
