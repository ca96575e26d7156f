import { trace } from '../installed.js';
import { row } from '../row.js';
import { wire } from '../wire.js';
import { BOMB, LONG, type Transport } from './transport.js';

export function refused({ tollgate, tool, api, raw, everywhere }: Transport): void {
  describe('what is refused', () => {
    row('0/no-trace', async () => {
      const events = async () => (await api().get(`/v1/calls?limit=500`)).body.length;
      const [before, rows] = [await trace(tollgate()), await events()];
      const bodies = [
        'not json',
        '',
        '[]',
        'NaN',
        BOMB,
        '{"agent_id":"a"}',
        `{"tool":"${tool}"}`,
        ...[
          'NaN',
          '1e400',
          '9007199254740993',
          '-1',
          '"\\ud800"',
          '"\\u0000"',
          '{"__proto__":1}',
          '{"a":1,"a":2}',
          BOMB,
        ].flatMap(everywhere),
        `{"agent_id":"","tool":"${tool}"}`,
        `{"agent_id":"${LONG}","tool":"${tool}"}`,
        `{"agent_id":"a","tool":"${tool}","args":[]}`,
        `{"agent_id":"a","tool":"${tool}","args":{"x":"${'x'.repeat(65_536)}"}}`,
        `{"agent_id":"a","tool":"${tool}","x":"${'x'.repeat(1_048_576)}"}`,
        `{"agent_id":"a","tool":"${tool}","key":"k"}`,
        `{"agent_id":"a","tool":"${tool}","run_id":""}`,
      ];
      // A negative number is refused as money only, and what is fine inside args is no bad input.
      const bad = bodies.filter((body) => !body.includes(':-1}]') && !body.includes('[-1]'));
      for (const body of bad)
        expect([body.slice(0, 90), (await raw(body)).status >= 413]).toEqual([body.slice(0, 90), true]);
      for (const path of ['/v1/tools', '/v1/keys', '/v1/policies/a', '/v1/agents/a/disable', '/v1/tools/x/toggle']) {
        for (const body of ['not json', '[]', '{"__proto__":1}', '{"x":1e400}', BOMB]) {
          expect([path, body.slice(0, 20), (await raw(body, path)).status]).toEqual([path, body.slice(0, 20), 422]);
        }
      }
      for (const path of [
        '/v1/agents/%ff/disable',
        '/v1/agents/a%2Fb/disable',
        '/v1/agents/./disable',
        '/v1/policies/..%2Fx',
      ]) {
        expect((await wire(api(), 'POST', path, ['Content-Length: 0'])).status).toBeGreaterThanOrEqual(404);
      }
      expect(await trace(tollgate())).toEqual(before);
      expect(await events()).toBe(rows);
    });
  });
}
