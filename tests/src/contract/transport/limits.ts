import { fresh } from '../installed.js';
import { row } from '../row.js';
import { LONG, type Transport } from './transport.js';

export function limits({ api, call }: Transport): void {
  describe('limits', () => {
    row('0/lists', async () => {
      const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
      const policy = (body: object) =>
        api()
          .post(`/v1/policies/${fresh('agent')}`, body)
          .then(({ status }) => status);
      expect(await policy({ allowed_tools: names(1_000) })).toBe(201);
      expect(await policy({ allowed_tools: names(1_001) })).toBe(422);
      expect(await policy({ blocked_tools: names(1_001) })).toBe(422);
      expect(await policy({ pricing_rules: names(1_001).map((name) => ({ tool: name, price_usd: 1 })) })).toBe(422);
      expect(await policy({ max_calls_per_tool: Object.fromEntries(names(1_001).map((name) => [name, 1])) })).toBe(422);
      expect((await api().post('/v1/keys', { role: 'agent', agents: names(1_001) })).status).toBe(422);
    });

    row('0/reasons', async () => {
      const disable = (reason: unknown) => api().post(`/v1/agents/${fresh('agent')}/disable`, { reason });
      expect((await disable('😀'.repeat(256))).body.disabled_reason).toBe('😀'.repeat(256));
      for (const bad of [LONG, 5, { a: 1 }]) expect((await disable(bad)).status).toBe(422);
    });

    row('0/money', async () => {
      const spent = async (spend_usd: unknown) => (await api().run(call({ spend_usd }))).body.spend_usd;
      expect(await spent(0.1 + 0.2)).toBe(0.3);
      expect(await spent(1.0000004)).toBe(1);
      expect(await spent(1.0000006)).toBe(1.000001);
      expect(await spent(0.0000001)).toBe(0.000001);
      expect(await spent(1e-300)).toBe(0.000001);
      expect(await spent(0)).toBe(0);
      expect(await spent(1e9)).toBe(1e9);
      for (const bad of [-1, -1e-9, 1e9 + 1, 1_000_000_000.000001, '1', true, [1], {}]) {
        expect([bad, (await api().run(call({ spend_usd: bad }))).status]).toEqual([bad, 422]);
      }
      const agent = fresh('agent');
      expect((await api().post(`/v1/policies/${agent}`, { max_spend_usd_per_day: 0.0000001 })).body.policy).toEqual({
        max_spend_usd_per_day: 0.000001,
      });
      expect((await api().post(`/v1/policies/${agent}`, { max_spend_usd_per_day: 1e9 + 1 })).status).toBe(422);
    });

    row('0/limits', async () => {
      const calls = ['/v1/calls?', '/v1/calls?status=in_doubt&', '/v1/agents/a/logs?'];
      for (const path of calls) {
        expect((await api().get(`${path}limit=500`)).status).toBe(200);
        for (const bad of ['501', '0', '-1', '1.5', 'x', '', '1e2', '99999999999999999999', '1&limit=2']) {
          expect([path, bad, (await api().get(`${path}limit=${bad}`)).status]).toEqual([path, bad, 422]);
        }
      }
      expect((await api().get('/v1/runs/r?limit=2000&offset=0')).status).toBe(200);
      expect((await api().get('/v1/runs/r?limit=2001')).status).toBe(422);
      for (const bad of ['-1', 'x', '1.5']) {
        expect((await api().get(`/v1/runs/r?offset=${bad}`)).status).toBe(422);
        expect((await api().get(`/v1/calls?offset=${bad}`)).status).toBe(422);
      }
      expect((await api().get('/v1/calls?status=nonsense')).status).toBe(422);
    });
  });
}
