import { NatsDump } from '../nats-dump.js';
import { row } from '../row.js';
import type { Transport } from './transport.js';

export function keys({ tollgate, tool, api, agentKey, call }: Transport): void {
  describe('keys', () => {
    row('0/401', async () => {
      const nobody = api().as(undefined);
      for (const authorization of [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        'Basic abc',
        'Bearer a b',
        tollgate().adminKey,
      ]) {
        const headers = authorization === undefined ? {} : { authorization };
        const answer = await nobody.get('/v1/tools', { headers });
        expect([authorization, answer.status, answer.body]).toEqual([
          authorization,
          401,
          { detail: 'Missing Authorization Bearer token' },
        ]);
      }
    });

    row('0/403-invalid-key', async () => {
      const refused = { status: 403, body: { detail: 'Invalid API key' } };
      expect(await api().as('tg_live_nobody-knows-it').get('/v1/tools')).toMatchObject(refused);
      const revoked = (await api().post('/v1/keys', { role: 'admin' })).body;
      await api().delete(`/v1/keys/${revoked.id}`);
      expect(await api().as(revoked.key).get('/v1/tools')).toMatchObject(refused);
      const past = new Date(Date.now() - 1_000).toISOString();
      const expired = (await api().post('/v1/keys', { role: 'admin', expires_at: past })).body;
      expect(await api().as(expired.key).run(call())).toMatchObject(refused);
    });

    row('0/403-forbidden', async () => {
      const agent = await agentKey('one');
      const forbidden = { status: 403, body: { detail: { error: 'forbidden', message: expect.any(String) } } };
      expect(await agent.get('/v1/tools')).toMatchObject(forbidden);
      expect(await agent.run({ agent_id: 'another', tool })).toMatchObject(forbidden);
      expect(await agent.get('/v1/agents/another/logs')).toMatchObject(forbidden);
    });

    row('0/keys', async () => {
      const { key, id } = (await api().post('/v1/keys', { role: 'admin' })).body;
      expect(key).toMatch(/^tg_live_[\x21-\x7e]{20,}$/);
      // The harness's own admin key is any opaque one.
      expect((await api().get('/v1/keys')).status).toBe(200);
      const dump = await NatsDump.of(tollgate().nats.url);
      expect(dump.contains(id)).toBe(true);
      expect(dump.contains(key)).toBe(false);
      expect(dump.contains(tollgate().adminKey)).toBe(false);
    });

    row('0/key-first', async () => {
      for (const [key, status] of [
        [undefined, 401],
        ['tg_live_unknown', 403],
      ] as const) {
        const caller = api().as(key);
        expect((await caller.send('POST', '/v1/ai/run', { raw: 'not json' })).status).toBe(status);
        expect((await caller.send('POST', '/v1/ai/run', { raw: 'x'.repeat(1_100_000) })).status).toBe(status);
        expect((await caller.get('/v1/agents/a/logs?limit=-1')).status).toBe(status);
        expect((await caller.get('/v1/calls/call_unknown')).status).toBe(status);
      }
    });
  });
}
