import { answer, eventually } from '../../harness/index.js';
import { fresh } from '../installed.js';
import type { Json } from '../json.js';
import { row } from '../row.js';
import { EXECUTED, FAILED, type Calls } from './calls.js';

const LONG_NOTE = 'x'.repeat(2_049);

export function callsOnRecord({ tollgate, api, pair, run, resolve, unknownCall }: Calls): void {
  describe('calls on record', () => {
    const get = async (callId: string) => (await api().get(`/v1/calls/${callId}`)).body;

    row('3.1/get-call', async () => {
      const call = await pair({ max_spend_usd_per_day: 2, blocked_tools: ['bad'] });
      const answers = [
        await run({ ...call, spend_usd: 1.5, run_id: fresh('run') }),
        await run({ ...call, spend_usd: 1.5 }),
        await run({ ...call, tool: 'bad' }),
        await run({ ...call, spend_usd: 1.5, args: { n: 2 } }),
        (await unknownCall({}, {}, { spend_usd: 1 })).first,
      ];
      expect(answers.map(({ decision }) => decision)).toEqual(['executed', 'dedup', 'blocked', 'blocked', 'failed']);
      for (const answered of answers) expect(await get(answered.call_id)).toEqual(answered);
    });

    row('3.1/get-refused', async () => {
      const call = await pair(undefined, { enabled: false });
      const disabled = (await api().run(call)).body.detail;
      const failed = { ...FAILED, spend_usd: 0, call_id: disabled.call_id };
      expect(await get(disabled.call_id)).toMatchObject({ ...failed, policy_reason: 'tool_disabled' });
      await api().run({ ...call, tool: 'nobody' });
      const [log] = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      const unknown = await get(log.call_id);
      expect(unknown).toMatchObject({ ...FAILED, policy_reason: 'tool_not_found' });
      expect(unknown).not.toHaveProperty('result');
      const keyed = { ...(await pair()), idempotency_key: fresh('key') };
      await run(keyed);
      const reused = (await api().run({ ...keyed, args: { n: 2 } })).body.detail;
      expect(await get(reused.call_id)).toMatchObject({ ...FAILED, policy_reason: 'idempotency_key_reused' });
    });

    row('3.1/list', async () => {
      const call = await pair();
      const [first, second] = [await run({ ...call, args: { n: 1 } }), await run({ ...call, args: { n: 2 } })];
      const gate = Promise.withResolvers<void>();
      tollgate().tool.on(call.tool, async (received, response) => {
        await gate.promise;
        await answer(200)(received, response);
      });
      const running = run({ ...call, args: { n: 3 } });
      const list = async (query = ''): Promise<Json> =>
        (await api().get(`/v1/calls?agent_id=${call.agent_id}${query}`)).body;
      await eventually('it is listed', async () => (await list('&status=in_progress')).length === 1);
      const [third] = await list('&status=in_progress');
      expect(third).toMatchObject({ ...call, decision: 'in_progress', ended_at: null, in_doubt: false });
      const time = expect.stringMatching(/^\d{4}-.*Z$/);
      const { result: _, ...shown } = second;
      const listed = { ...shown, ...call, requested_at: time, ended_at: time, in_doubt: false };
      expect(await list('&limit=1&offset=1')).toEqual([listed]);
      expect((await list()).map(({ call_id }: Json) => call_id)).toEqual([
        third.call_id,
        second.call_id,
        first.call_id,
      ]);
      gate.resolve();
      expect((await running).call_id).toBe(third.call_id);
      expect(await list('&status=in_progress')).toEqual([]);
    });

    row('3.1/list-in-doubt', async () => {
      const { call, first } = await unknownCall();
      await run({ ...call, args: { n: 2 } });
      const listed = await api().get(`/v1/calls?status=in_doubt&agent_id=${call.agent_id}`);
      expect(listed.body).toMatchObject([{ call_id: first.call_id, policy_reason: 'outcome_unknown', ...call }]);
      const all = (await api().get('/v1/calls?status=in_doubt&limit=500')).body;
      expect(all.map(({ call_id }: Json) => call_id)).toContain(first.call_id);
      await resolve(first.call_id, 'failed');
      expect((await api().get(`/v1/calls?status=in_doubt&agent_id=${call.agent_id}`)).body).toEqual([]);
      expect((await api().get(`/v1/calls?agent_id=${call.agent_id}`)).body).toHaveLength(2);
    });

    row('3.1/resolve', async () => {
      const done = await unknownCall({}, {}, { spend_usd: 1 });
      const executed = { ...EXECUTED, result: { given: 1 }, spend_usd: 1, call_id: done.first.call_id };
      const first = await resolve(done.first.call_id, 'executed', { result: { given: 1 } });
      expect([first.status, first.body]).toMatchObject([200, executed]);
      expect((await resolve(done.first.call_id, 'executed', { result: { given: 1 } })).body).toEqual(first.body);
      expect(await get(done.first.call_id)).toEqual(first.body);

      const undone = await unknownCall({}, {}, { spend_usd: 1 });
      const failed = await resolve(undone.first.call_id, 'failed');
      expect(failed).toMatchObject({ status: 200, body: { ...FAILED, spend_usd: 0 } });
      expect((await resolve(undone.first.call_id, 'failed')).body).toEqual(failed.body);
      expect(await get(undone.first.call_id)).toEqual(failed.body);

      const wrapped = await resolve((await unknownCall()).first.call_id, 'executed', { result: [1] });
      expect(wrapped.body.result).toEqual({ value: [1] });

      const open = (await unknownCall()).first.call_id;
      for (const bad of [
        { outcome: 'maybe' },
        { outcome: undefined },
        { note: undefined },
        { note: 5 },
        { note: '' },
        { note: LONG_NOTE },
      ]) {
        expect((await resolve(open, 'failed', bad)).status).toBe(422);
      }
      const agentKey = (await api().post('/v1/keys', { role: 'agent', agents: ['*'] })).body.key;
      expect(
        (await api().as(agentKey).post(`/v1/calls/${open}/resolve`, { outcome: 'failed', note: 'n' })).status,
      ).toBe(403);
    });

    row('0/413-result', async () => {
      const { first } = await unknownCall();
      const result = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
      const refused = await resolve(first.call_id, 'executed', { result: result(262_145) });
      expect(refused).toMatchObject({ status: 413, body: { detail: { error: 'payload_too_large' } } });
      expect((await get(first.call_id)).policy_reason).toBe('outcome_unknown');
      expect((await resolve(first.call_id, 'executed', { result: result(262_144) })).status).toBe(200);
    });

    row('3.1/not-in-doubt', async () => {
      const refused = { status: 409, body: { detail: { error: 'not_in_doubt', message: expect.any(String) } } };
      const ran = await run(await pair());
      expect(await resolve(ran.call_id, 'failed')).toMatchObject(refused);
      expect(await resolve(ran.call_id, 'executed')).toMatchObject(refused);
      const { first } = await unknownCall();
      await resolve(first.call_id, 'executed');
      expect(await resolve(first.call_id, 'failed')).toMatchObject(refused);
      const both = await unknownCall();
      const answers = await Promise.all(['executed', 'failed'].map((outcome) => resolve(both.first.call_id, outcome)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });
  });
}
