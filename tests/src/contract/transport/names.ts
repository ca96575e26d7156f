import { fresh } from '../installed.js';
import { row } from '../row.js';
import { wire } from '../wire.js';
import { LONG, type Transport } from './transport.js';

export function names({ tollgate, tool, api, call }: Transport): void {
  describe('names', () => {
    row('0/ids', async () => {
      for (const member of ['agent_id', 'run_id', 'idempotency_key']) {
        for (const bad of ['', LONG, '😀'.repeat(257), 'a\u0001b', 'a\u007f', 'a\u0085', 7, {}, ['a'], true]) {
          expect([member, bad, (await api().run(call({ [member]: bad }))).status]).toEqual([member, bad, 422]);
        }
        const longest = '😀'.repeat(256);
        expect((await api().run(call({ [member]: longest }))).body.decision).toBe('executed');
      }
      expect((await api().get(`/v1/runs/${encodeURIComponent('😀'.repeat(256))}`)).status).toBe(200);
      for (const segment of [LONG, '%01', '%00', 'a%0Ab']) {
        expect([segment, (await wire(api(), 'GET', `/v1/runs/${segment}`)).status]).toEqual([segment, 422]);
        expect([segment, (await wire(api(), 'GET', `/v1/calls/${segment}`)).status]).toEqual([segment, 422]);
      }
    });

    row('0/agent-ids', async () => {
      for (const bad of ['a/b', 'a?b', 'a#b', 'a%b', 'a\\b', '.', '..']) {
        expect([bad, (await api().run(call({ agent_id: bad }))).status]).toEqual([bad, 422]);
        const segment = encodeURIComponent(bad).replaceAll('.', '%2E');
        expect([bad, (await wire(api(), 'GET', `/v1/policies/${segment}`)).status]).toEqual([bad, 422]);
        expect((await api().post('/v1/keys', { role: 'agent', agents: [bad] })).status).toBe(422);
        expect((await api().post('/v1/tools', { name: 'x', scope_id: `agent:${bad}` })).status).toBe(422);
      }
      expect((await api().run(call({ agent_id: '...' }))).body.decision).toBe('executed');
    });

    row('0/tool-names', async () => {
      const longest = fresh('t').padEnd(128, 'x');
      await tollgate().register(longest);
      expect((await api().run(call({ tool: longest }))).body.decision).toBe('executed');
      for (const bad of [`${longest}x`, '', 'a\u0001b', 5])
        expect((await api().run(call({ tool: bad }))).status).toBe(422);
      // A name that nobody could register is an unknown tool, and may stand in a policy's list.
      expect((await api().run(call({ tool: 'drop table; é' }))).status).toBe(404);
    });

    row('0/exact-names', async () => {
      const [lower, upper] = [fresh('agent'), fresh('AGENT')];
      await tollgate().policy(lower, { blocked_tools: [tool.toUpperCase(), ` ${tool}`, `${tool} `] });
      expect((await api().run({ agent_id: lower, tool })).body.decision).toBe('executed');
      expect((await api().run({ agent_id: lower, tool: tool.toUpperCase() })).body.decision).toBe('blocked');
      expect((await api().run({ agent_id: upper, tool: tool.toUpperCase() })).status).toBe(404);
      await api().post(`/v1/agents/${lower}/disable`);
      expect((await api().run({ agent_id: lower.toUpperCase(), tool, args: { n: 2 } })).body.decision).toBe('executed');
      // One character in two forms of Unicode is two names.
      await api().post('/v1/agents/%C3%A9/disable');
      expect((await api().run({ agent_id: 'e\u0301', tool })).body.decision).toBe('executed');
    });
  });
}
