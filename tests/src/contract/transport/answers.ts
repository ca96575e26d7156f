import { fresh } from '../installed.js';
import type { Json } from '../json.js';
import { row } from '../row.js';
import type { Transport } from './transport.js';

export function answers({ tollgate, tool, api, agentKey, call, raw }: Transport): void {
  describe('answers', () => {
    row('0/409', async () => {
      const off = fresh('tool');
      await tollgate().register(off, { enabled: false });
      const { status, body } = await api().run(call({ tool: off }));
      expect([status, body.detail]).toMatchObject([409, { error: 'tool_disabled', message: expect.any(String) }]);
    });

    row('0/answers-json', async () => {
      const answers = [
        await api().run(call()),
        await api().get('/v1/tools'),
        await api().get('/healthz'),
        await api().get('/nothing'),
        await api().as(undefined).get('/v1/tools'),
        await raw('{'),
        await api().delete('/v1/ai/run'),
      ];
      for (const { headers } of answers) expect(headers.get('content-type')).toMatch(/^application\/json/);
    });

    row('0/bare-arrays', async () => {
      for (const path of ['/v1/tools', '/v1/policies', '/v1/keys', '/v1/calls', '/v1/agents/a/logs']) {
        expect([path, Array.isArray((await api().get(path)).body)]).toEqual([path, true]);
      }
    });

    row('0/error-shape', async () => {
      const answers = [
        await api().as(undefined).get('/v1/tools'),
        await api().get('/v1/calls/x'),
        await raw('{'),
        await api().run(call({ tool: 'unknown' })),
        await (await agentKey('a')).get('/v1/tools'),
      ];
      for (const { body } of answers) {
        expect(Object.keys(body)).toEqual(['detail']);
        if (!Array.isArray(body.detail) && typeof body.detail === 'object') {
          expect(body.detail).toMatchObject({ error: expect.any(String), message: expect.any(String) });
        }
      }
    });

    row('0/repeat', async () => {
      const agent = fresh('agent');
      const twice = async (method: string, path: string, body?: object) => {
        const [first, second] = [await api().send(method, path, { body }), await api().send(method, path, { body })];
        expect(first.status).toBeLessThan(300);
        expect([path, second.status, second.body]).toEqual([path, first.status, first.body]);
      };
      const name = fresh('tool');
      await twice('POST', `/v1/policies/${agent}`, { allowed_tools: [name], max_actions_per_hour: 5 });
      await twice('PUT', `/v1/policies/${agent}`, { blocked_tools: [name] });
      await twice('POST', '/v1/tools', {
        name,
        url: tollgate().tool.url('x'),
        auth: { type: 'hmac_sha256', secret: 'secret-secret' },
      });
      await twice('POST', `/v1/tools/${name}/toggle`, { enabled: false });
      await twice('DELETE', `/v1/tools/${name}`);
      await twice('POST', `/v1/agents/${agent}/enable`);
      // The kill switch answers when nothing of the agent is on its way any more: asked again, that is later.
      const [off, again] = [
        await api().post(`/v1/agents/${agent}/disable`),
        await api().post(`/v1/agents/${agent}/disable`),
      ];
      expect({ ...again.body, disabled_at: '' }).toEqual({ ...off.body, disabled_at: '' });
      const { id } = (await api().post('/v1/keys', { role: 'admin' })).body;
      await twice('DELETE', `/v1/keys/${id}`);
    });

    row('0/request-id', async () => {
      const idOf = async (sent?: string, path = '/v1/tools') =>
        (await api().get(path, { headers: sent === undefined ? {} : { 'x-request-id': sent } })).headers.get(
          'x-request-id',
        );
      expect(await idOf('abc!~"123')).toBe('abc!~"123');
      expect(await idOf('x'.repeat(128))).toBe('x'.repeat(128));
      for (const bad of [undefined, 'x'.repeat(129), 'a b', 'é', ''])
        expect(await idOf(bad)).toMatch(/^req_[A-Za-z0-9_-]{8,}$/);
      for (const path of ['/healthz', '/nothing', '/v1/ai/run', '/v1/calls/x', '/v1/calls?limit=x', '/v1/runs/%ff']) {
        expect([path, await idOf('mine', path)]).toEqual([path, 'mine']);
      }
      expect(
        (
          await api()
            .as(undefined)
            .get('/v1/tools', { headers: { 'x-request-id': 'mine' } })
        ).headers.get('x-request-id'),
      ).toBe('mine');
      expect(
        (await api().send('POST', '/v1/ai/run', { raw: '{', headers: { 'x-request-id': 'mine' } })).headers.get(
          'x-request-id',
        ),
      ).toBe('mine');
    });

    row('0/times', async () => {
      const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
      const agent = fresh('agent');
      const answer = (await api().run({ agent_id: agent, tool })).body;
      expect((await api().get(`/v1/tools/${tool}`)).body).toMatchObject({
        created_at: expect.stringMatching(ISO),
        updated_at: expect.stringMatching(ISO),
      });
      expect((await api().post(`/v1/policies/${agent}`, {})).body.updated_at).toMatch(ISO);
      const expiresAt = '2099-01-02T03:04:05+02:00';
      const key = (await api().post('/v1/keys', { role: 'admin', expires_at: expiresAt })).body;
      expect(key).toMatchObject({ created_at: expect.stringMatching(ISO), expires_at: '2099-01-02T01:04:05.000Z' });
      expect((await api().post(`/v1/agents/${agent}/disable`)).body.disabled_at).toMatch(ISO);
      const [log] = (await api().get(`/v1/agents/${agent}/logs`)).body;
      expect(Number.isInteger(log.ts)).toBe(true);
      const now = Date.now() / 1000;
      expect(Math.abs(log.ts - now)).toBeLessThan(60);
      const { events } = (await api().get(`/v1/runs/${answer.run_id}`)).body;
      expect(events.some(({ ts }: Json) => !Number.isInteger(ts))).toBe(true);
      for (const { ts } of events) expect(Math.abs(ts - now)).toBeLessThan(60);
    });
  });
}
