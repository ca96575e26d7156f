import { answer, drop } from '../harness/index.js';
import { codeBlock } from './code-blocks.js';
import type { Guide } from './guide.js';

const PAGE = 'safe-setup.md';
const AGENT = 'support';
const TOOL = 'refunds.create';

/** What the page has its reader start the server with. */
export const safeSettings = (): Record<string, string> =>
  Object.fromEntries(
    codeBlock(PAGE, 'server.env')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => line.split('=') as [string, string]),
  );

/** The steps build on each other, as on the page. */
export function safeSetup(guide: Guide): void {
  const { tollgate } = guide;
  let env: { readonly TOLLGATE_KEY: string };
  const refund = (order: string, amount: number) => guide.json('refund.sh', env, order, String(amount));

  it('has a server that is closed where it can be', async () => {
    guide.name('server.env');
    const { api } = tollgate();
    await tollgate().register('open');
    const nobody = (await api.run({ agent_id: 'nobody', tool: 'open' })).body;
    expect(nobody).toMatchObject({ decision: 'blocked', policy_reason: 'tool_not_in_allowed_list' });
    const misspelled = await api.post('/v1/policies/nobody', { allowed_tools: ['opne'] });
    expect([misspelled.status, misspelled.body.detail]).toMatchObject([
      400,
      { error: 'unknown_tools', tools: ['opne'] },
    ]);
  });

  it('has a key that can do nothing but what its agent may', async () => {
    const { id, key } = await guide.json('agent-key.sh');
    env = { TOLLGATE_KEY: key as string };
    const agent = tollgate().api.as(key as string);
    expect((await agent.run({ agent_id: AGENT, tool: 'open' })).body.decision).toBe('blocked');
    const refused = await Promise.all([
      agent.post(`/v1/policies/${AGENT}`, {}),
      agent.post('/v1/tools', {}),
      agent.post('/v1/keys', { role: 'admin' }),
      agent.delete(`/v1/keys/${id}`),
      agent.run({ agent_id: 'sample-agent', tool: 'open' }),
      agent.get('/v1/agents/sample-agent/logs'),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
    const leaked = await guide.json('agent-key.sh');
    await tollgate().api.delete(`/v1/keys/${leaked.id}`);
    const revoked = await tollgate()
      .api.as(leaked.key as string)
      .run({ agent_id: AGENT, tool: 'open' });
    expect([revoked.status, revoked.body.detail]).toEqual([403, 'Invalid API key']);
  });

  it('holds what nobody knows until a person has looked', async () => {
    const secret = { TOOL_URL: tollgate().tool.url('').replace(/\/$/, ''), TOOL_SECRET: 'the-secret-of-the-page' };
    expect(await guide.json('tool.sh', secret)).toMatchObject({ on_unknown: 'hold', scope_id: `agent:${AGENT}` });
    expect((await guide.json('observe.sh')).policy).toMatchObject({ mode: 'observe', max_actions_per_hour: 20 });
    for (const unknown of [drop, answer(500)]) {
      tollgate().tool.on('refunds', unknown);
      const order = unknown === drop ? 'A-1' : 'A-2';
      const { call_id, ...said } = await refund(order, 10);
      expect(said).toMatchObject({ decision: 'failed', policy_reason: 'outcome_unknown' });
      tollgate().tool.on('refunds', answer(200, { refund_id: 'another' }));
      expect(await refund(order, 10)).toMatchObject({ policy_reason: 'outcome_unknown' });
      await guide.until('in-doubt.sh', (calls) => calls.some((call: { call_id: string }) => call.call_id === call_id));
      expect(await guide.json('resolve.sh', {}, call_id as string)).toMatchObject({ decision: 'executed' });
      expect(await refund(order, 10)).toMatchObject({ decision: 'dedup', result: { refund_id: 're_1001' } });
    }
    expect(tollgate().tool.at('refunds')).toHaveLength(2);
  });

  it('observes before it enforces', async () => {
    expect(await refund('A-3', 200)).toMatchObject({
      decision: 'executed',
      would_block: { policy_reason: 'max_spend_usd_per_day_exceeded' },
    });
    await guide.until('metrics.sh', ({ would_block }) => would_block?.max_spend_usd_per_day_exceeded === 1);
    const tried = { decision: 'blocked', policy_reason: 'max_spend_usd_per_day_exceeded' };
    expect(await guide.json('try.sh')).toMatchObject(tried);
    expect((await guide.json('enforce.sh')).policy).toMatchObject({ mode: 'enforce', allowed_tools: [TOOL] });
    expect(await refund('A-4', 1)).toMatchObject({ ...tried, limit: 100 });
  });

  it('is stopped at once, until somebody says otherwise', async () => {
    expect(await guide.json('disable.sh')).toMatchObject({ is_enabled: false });
    expect(await refund('A-5', 1)).toMatchObject({ decision: 'blocked', policy_reason: 'agent_disabled' });
    expect(await guide.json('enable.sh')).toMatchObject({ is_enabled: true });
    expect(await refund('A-3', 200)).toMatchObject({ decision: 'dedup' });
  });

  guide.everyBlockIsRun();
}
