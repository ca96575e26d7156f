import { fresh } from '../contract/installed.js';
import { tableOf } from './code-blocks.js';
import type { Guide } from './guide.js';
import { PLAN_ROWS } from './plan-rows.js';

const TOOLS = ['crm.find', 'crm.export', 'charge', 'mail.send'];
const unquoted = (cell = ''): string => cell.replaceAll('`', '');

export function policies(guide: Guide): void {
  const { tollgate } = guide;
  beforeAll(async () => {
    for (const tool of TOOLS) await tollgate().register(tool);
  });
  const api = () => tollgate().api;
  /** Another act each time, unless it says which. */
  const run = async (agent_id: string, tool: string, more: object = {}) =>
    (await api().run({ agent_id, tool, args: { act: fresh('act') }, ...more })).body;
  /** A fresh agent with the policy of a block. */
  const withPolicy = async (block: string) => {
    const agent = fresh('agent');
    const put = await guide.json('put.sh', { AGENT: agent }, await guide.written(block));
    expect(put.policy).toEqual(guide.shown(block));
    return agent;
  };
  const executed = { decision: 'executed' };
  const blocked = (policy_reason: string) => ({ decision: 'blocked', policy_reason });

  it('a good one holds, and is changed member by member', async () => {
    const agent = await withPolicy('good.json');
    expect(await run(agent, 'charge')).toMatchObject({ ...executed, spend_usd: 1 });
    expect(await run(agent, 'charge', { spend_usd: 0.5 })).toMatchObject({ ...executed, spend_usd: 1 });
    expect(await run(agent, 'mail.send')).toMatchObject(blocked('tool_not_in_allowed_list'));
    const { max_calls_per_tool: cleared, ...kept } = guide.shown('good.json');
    expect([cleared, (await guide.json('lower.sh', { AGENT: agent })).policy]).toEqual([
      { charge: 20 },
      { ...kept, max_spend_usd_per_day: 20 },
    ]);
    expect(await run(agent, 'charge', { spend_usd: 19 })).toMatchObject(blocked('max_spend_usd_per_day_exceeded'));
    expect(Object.keys(guide.shown('good.json')).concat('blocked_tools', 'mode').sort()).toEqual(
      tableOf(guide.page, 'member')
        .map(([member]) => unquoted(member))
        .sort(),
    );
  });

  it('is checked in the order of the page', async () => {
    const [agent_id, tool] = [fresh('agent'), fresh('tool')];
    const answered: string[] = [];
    const call = async (args: object) => {
      const { body } = await api().run({ agent_id, tool, args });
      answered.push(body.policy_reason ?? body.detail.error);
    };
    const post = (policy: object) => api().post(`/v1/policies/${agent_id}`, policy);
    await tollgate().register(tool);
    // Everything is against it; then one thing after the other is taken out of its way.
    await post({ allowed_tools: ['charge', tool] });
    await api().run({ agent_id, tool, args: { n: 1 } });
    await post({ allowed_tools: ['charge'], blocked_tools: [tool], max_calls_per_tool: { [tool]: 1 } });
    await post({ max_actions_per_hour: 0, max_spend_usd_per_day: 0, pricing_rules: [{ tool, price_usd: 1 }] });
    await api().delete(`/v1/tools/${tool}`);
    await api().post(`/v1/agents/${agent_id}/disable`, {});
    const out = [
      () => api().post(`/v1/agents/${agent_id}/enable`, {}),
      () => post({ blocked_tools: null }),
      () => post({ allowed_tools: null }),
      () => tollgate().register(tool, { enabled: false }),
      () => api().post(`/v1/tools/${tool}/toggle`, { enabled: true }),
    ];
    await call({ n: 1 });
    for (const takeOut of out) {
      await takeOut();
      await call({ n: 1 });
    }
    await call({ n: 2 });
    for (const cap of ['max_actions_per_hour', 'max_calls_per_tool', 'max_spend_usd_per_day']) {
      await post({ [cap]: null });
      await call({ n: 2 });
    }
    expect(answered).toEqual(tableOf(guide.page, 'step').map(([, , reason]) => unquoted(reason)));
  });

  it('begins with a template', async () => {
    for (const [template = '', hourly, spend] of tableOf(guide.page, 'template')) {
      const { policy } = await guide.json('template.sh', { AGENT: fresh('agent') }, unquoted(template));
      expect(policy).toEqual({
        allowed_tools: ['crm.find'],
        max_actions_per_hour: Number(hourly),
        max_spend_usd_per_day: Number(spend),
      });
    }
    const unknown = await api().post('/v1/policies/any/from-template', { template: 'another' });
    const names = tableOf(guide.page, 'template').map(([template]) => unquoted(template));
    for (const name of names) expect(unknown.body.detail[0].msg).toContain(name);
    expect(unknown.body.detail[0].msg.split('|')).toHaveLength(names.length);
  });

  it('can be tried before it is stored', async () => {
    const agent = fresh('agent');
    expect(await guide.json('try.sh', { AGENT: agent }, '29')).toMatchObject(blocked('max_spend_usd_per_day_exceeded'));
    expect(await guide.json('try.sh', { AGENT: agent }, '30')).toMatchObject({ decision: 'dry_run', spend_usd: 30 });
    await tollgate().policy(agent, { allowed_tools: ['crm.find'] });
    expect(await run(agent, 'charge', { dry_run: true })).toMatchObject(blocked('tool_not_in_allowed_list'));
  });

  it('is bad where the page says so', async () => {
    const listed = await withPolicy('bad-block-list.json');
    await tollgate().register('registered.tomorrow');
    expect(await run(listed, 'registered.tomorrow')).toMatchObject(executed);
    expect(await run(listed, 'crm.export')).toMatchObject(blocked('tool_explicitly_blocked'));
    const agent = fresh('agent');
    await guide.json('put.sh', { AGENT: agent }, await guide.written('bad-empty-list.json'));
    expect(await run(agent, 'crm.export')).toMatchObject(executed);
    const dishonest = await withPolicy('bad-no-price.json');
    expect(await run(dishonest, 'charge', { args: { amount_usd: 5_000 } })).toMatchObject({
      ...executed,
      spend_usd: 0,
    });
    expect(await run(dishonest, 'charge', { spend_usd: 21 })).toMatchObject(blocked('max_spend_usd_per_day_exceeded'));
    const mailer = await withPolicy('good-mail.json');
    const mails = [await run(mailer, 'mail.send'), await run(mailer, 'mail.send'), await run(mailer, 'mail.send')];
    expect(mails).toMatchObject([executed, executed, blocked('max_calls_per_tool_exceeded')]);
    expect(await run(mailer, 'crm.find')).toMatchObject(executed);
  });

  it('knows the plans that there are', () => {
    expect(tableOf(guide.page, 'plan')).toEqual(PLAN_ROWS);
  });

  guide.everyBlockIsRun();
}
