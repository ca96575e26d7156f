import { fresh } from '../installed.js';
import { row } from '../row.js';
import { wire } from '../wire.js';
import type { Transport } from './transport.js';

export function paths({ tollgate, api, call }: Transport): void {
  describe('paths', () => {
    row('0/404-route', async () => {
      for (const path of ['/', '/v1', '/v1/', '/v1/nothing', '/v1/tools/', '/v1/ai/run/more', '/v2/tools']) {
        expect([path, await api().get(path)]).toMatchObject([path, { status: 404, body: { detail: 'Not Found' } }]);
      }
    });

    row('0/405-method', async () => {
      for (const [method, path] of [
        ['DELETE', '/v1/ai/run'],
        ['GET', '/v1/ai/run'],
        ['PATCH', '/v1/tools'],
        ['DELETE', '/v1/policies/a'],
        ['POST', '/v1/runs/a'],
      ] as const) {
        expect(await api().send(method, path)).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
      }
    });

    row('0/404-thing', async () => {
      const missing = (error: string) => ({ status: 404, body: { detail: { error, message: expect.any(String) } } });
      expect(await api().get('/v1/calls/call_unknown')).toMatchObject(missing('not_found'));
      expect(await api().post('/v1/calls/call_unknown/resolve', { outcome: 'failed', note: 'n' })).toMatchObject(
        missing('not_found'),
      );
      expect(await api().delete('/v1/keys/key_unknown')).toMatchObject(missing('not_found'));
      expect(await api().get('/v1/tools/unknown')).toMatchObject(missing('tool_not_found'));
      expect(await api().delete('/v1/tools/unknown')).toMatchObject(missing('tool_not_found'));
      expect(await api().post('/v1/tools/unknown/toggle', { enabled: true })).toMatchObject(missing('tool_not_found'));
      expect(await api().run(call({ tool: 'unknown' }))).toMatchObject(missing('tool_not_found'));
      expect(await api().get('/v1/policies/unknown')).toMatchObject(missing('policy_not_found'));
    });

    row('0/v1', async () => {
      for (const path of ['/tools', '/ai/run', '/policies', '/v1/healthz', '/v1/readyz', '/v1/metricsz']) {
        expect([path, (await api().get(path)).status]).toEqual([path, 404]);
      }
      for (const path of ['/healthz', '/readyz', '/metricsz']) {
        expect([path, (await api().as(undefined).get(path)).status]).toEqual([path, 200]);
      }
    });

    row('0/path-slash', async () => {
      const run_id = fresh('a/b');
      await api().run(call({ run_id }));
      const run = await api().get(`/v1/runs/${encodeURIComponent(run_id)}`);
      expect(run.body).toMatchObject({ run_id, events: expect.arrayContaining([expect.objectContaining({ run_id })]) });
      expect((await api().get('/v1/runs/%252F')).body.run_id).toBe('%2F');
      expect((await api().get(`/v1/runs/${run_id}`)).status).toBe(404);
      // Data, and so judged as an agent's id.
      expect((await api().get('/v1/policies/a%2Fb')).body.detail[0].loc).toEqual(['path', 'agent_id']);
    });

    row('0/path-broken', async () => {
      for (const segment of ['%', '%E0%A4%A', '%ff', '%ED%A0%80', '%zz', 'a%2']) {
        for (const path of [`/v1/runs/${segment}`, `/v1/policies/${segment}`, `/v1/agents/${segment}/logs`]) {
          const answer = await wire(api(), 'GET', path);
          expect([path, answer]).toEqual([path, { status: 404, body: { detail: 'Not Found' } }]);
        }
      }
    });

    row('0/path-unencoded', async () => {
      for (const agent of [`user@host:1+2,3;4=5!$&'()*`, '{a}|b^c`d"e<f>']) {
        expect((await api().post(`/v1/policies/${encodeURIComponent(agent)}`, {})).status).toBe(201);
        expect(await wire(api(), 'GET', `/v1/policies/${agent}`)).toMatchObject({
          status: 200,
          body: { agent_id: agent },
        });
      }
      const name = `t.${fresh('x')}:y`;
      await tollgate().register(name);
      expect(await wire(api(), 'GET', `/v1/tools/${name}`)).toMatchObject({ status: 200, body: { name } });
    });
  });
}
