import { Installation } from '../harness/index.js';

describe('the governed call, end to end', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start();
  }, 60_000);
  afterAll(() => tollgate.stop(), 30_000);

  it('runs a registered tool once, answers a repeat from the record, and can be read back', async () => {
    await tollgate.register('echo');
    const call = { agent_id: 'a1', tool: 'echo', args: { amount: 100 } };
    const first = await tollgate.api.run(call);
    expect(first.body).toMatchObject({
      ok: true,
      allowed: true,
      decision: 'executed',
      policy_reason: 'ok',
      result: { n: 1 },
    });
    const second = await tollgate.api.run(call);
    expect(second.body).toMatchObject({
      decision: 'dedup',
      policy_reason: 'tool_idempotency',
      result: { n: 1 },
      original_call_id: first.body.call_id,
    });
    expect(tollgate.tool.at('echo')).toHaveLength(1);

    const read = await tollgate.api.get(`/v1/calls/${first.body.call_id}`);
    expect(read.body).toEqual(first.body);
    const run = await tollgate.api.get(`/v1/runs/${first.body.run_id}`);
    expect(run.body.events.map((event: { type: string }) => event.type)).toEqual(
      expect.arrayContaining(['run_started', 'tool_call', 'tool_result', 'run_finished']),
    );
    const logs = await tollgate.api.get('/v1/agents/a1/logs');
    expect(logs.body.map((row: { decision: string }) => row.decision)).toEqual(['dedup', 'executed']);
  });
});
