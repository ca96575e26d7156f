import { answer, drop, newTenant, type Api } from '../harness/index.js';
import type { Guide } from './guide.js';
import { pathWithNpx } from './npx.js';
import type { Env } from './run-file.js';
import { settingsOf } from './settings-of.js';

const PAGE = 'safe-setup.md';
const AGENT = 'support';
const TOOL = 'refunds.create';

/** What the page has its reader start the server with. */
export const safeSettings = (): Record<string, string> => settingsOf(PAGE, 'server.env');

/** The steps build on each other, as on the page, in a tenant that has nothing else: the doctor looks over all of it. */
export function safeSetup(guide: Guide): void {
  const { tollgate } = guide;
  let own: Api;
  let env: { readonly TOLLGATE_KEY: string };
  beforeAll(async () => {
    ({ api: own } = await newTenant(tollgate(), 'safe-setup'));
  });
  const admin = (more: Env = {}): Env => ({ TOLLGATE_ADMIN_KEY: own.key ?? '', ...more });
  const json = (name: string, more: Env = {}, ...args: string[]) => guide.json(name, admin(more), ...args);
  const refund = (order: string, amount: number) => json('refund.sh', env, order, String(amount));

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
    const { id, key } = await json('agent-key.sh');
    env = { TOLLGATE_KEY: key as string };
    const agent = own.as(key as string);
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
    const leaked = await json('agent-key.sh');
    await own.delete(`/v1/keys/${leaked.id}`);
    const revoked = await own.as(leaked.key as string).run({ agent_id: AGENT, tool: 'open' });
    expect([revoked.status, revoked.body.detail]).toEqual([403, 'Invalid API key']);
  });

  it('holds what nobody knows until a person has looked', async () => {
    const secret = { TOOL_URL: tollgate().tool.url('').replace(/\/$/, ''), TOOL_SECRET: 'the-secret-of-the-page' };
    expect(await json('tool.sh', secret)).toMatchObject({ on_unknown: 'hold', scope_id: `agent:${AGENT}` });
    expect((await json('observe.sh')).policy).toMatchObject({ mode: 'observe', max_actions_per_hour: 20 });
    for (const unknown of [drop, answer(500)]) {
      tollgate().tool.on('refunds', unknown);
      const order = unknown === drop ? 'A-1' : 'A-2';
      const { call_id, ...said } = await refund(order, 10);
      expect(said).toMatchObject({ decision: 'failed', policy_reason: 'outcome_unknown' });
      tollgate().tool.on('refunds', answer(200, { refund_id: 'another' }));
      expect(await refund(order, 10)).toMatchObject({ policy_reason: 'outcome_unknown' });
      const isListed = (calls: { call_id: string }[]) => calls.some((call) => call.call_id === call_id);
      await guide.until('in-doubt.sh', isListed, admin());
      expect(await json('resolve.sh', {}, call_id as string)).toMatchObject({ decision: 'executed' });
      expect(await refund(order, 10)).toMatchObject({ decision: 'dedup', result: { refund_id: 're_1001' } });
    }
    expect(tollgate().tool.at('refunds')).toHaveLength(2);
  });

  it('observes before it enforces', async () => {
    expect(await refund('A-3', 200)).toMatchObject({
      decision: 'executed',
      would_block: { policy_reason: 'max_spend_usd_per_day_exceeded' },
    });
    await guide.until('metrics.sh', ({ would_block }) => would_block?.max_spend_usd_per_day_exceeded === 1, admin());
    const tried = { decision: 'blocked', policy_reason: 'max_spend_usd_per_day_exceeded' };
    expect(await json('try.sh')).toMatchObject(tried);
    expect((await json('enforce.sh')).policy).toMatchObject({ mode: 'enforce', allowed_tools: [TOOL] });
    expect(await refund('A-4', 1)).toMatchObject({ ...tried, limit: 100 });
  });

  it('is stopped at once, until somebody says otherwise', async () => {
    expect(await json('disable.sh')).toMatchObject({ is_enabled: false });
    expect(await refund('A-5', 1)).toMatchObject({ decision: 'blocked', policy_reason: 'agent_disabled' });
    expect(await json('enable.sh')).toMatchObject({ is_enabled: true });
    expect(await refund('A-3', 200)).toMatchObject({ decision: 'dedup' });
  });

  it('has nothing left to mend', async () => {
    const { code, output } = await guide.run('doctor.sh', admin({ PATH: await pathWithNpx(guide.folder()) }));
    expect([code, output]).toEqual([0, expect.stringContaining('nothing to mend, 1 to know')]);
  });

  guide.everyBlockIsRun();
}
