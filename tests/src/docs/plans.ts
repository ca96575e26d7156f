import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PLANS } from '@tollgate/events';
import { createTenant } from '../contract/tenant.js';
import { codeBlock, pageText, tableOf } from './code-blocks.js';
import type { Guide } from './guide.js';
import type { Env } from './run-file.js';
import { settingsOf } from './settings-of.js';

const PAGE = 'plans.md';
const HOUR = 3_600;

/** What the page has every service started with; its table is where this machine may write. */
export function planSettings(folder: string): Record<string, string> {
  const table = join(folder, 'plans.json');
  writeFileSync(table, codeBlock(PAGE, 'plans.json'));
  return { ...settingsOf(PAGE, 'server.env'), TOLLGATE_PLANS: table };
}

export function plans(guide: Guide, around: () => Promise<Env>): void {
  const { tollgate } = guide;

  it('puts a tenant on a plan, and on another', async () => {
    const { code, output } = await guide.run('create.sh', await around());
    const [[TENANT = ''] = [], [key = ''] = []] = [
      /tenant_[\w-]+/.exec(output) ?? [],
      /tg_live_\S+/.exec(output) ?? [],
    ];
    const plan = async () => (await tollgate().api.as(key).get('/v1/me')).body.plan as string;
    expect([code, await plan()]).toEqual([0, 'starter']);
    expect((await guide.run('plan.sh', { ...(await around()), TENANT })).code).toBe(0);
    expect(await plan()).toBe('pro');
  });

  it('has a default, and a plan of its own table', async () => {
    guide.name('server.env');
    expect((await tollgate().api.get('/v1/me')).body.plan).toBe('free');
    const [plan] = guide.shown('plans.json');
    const { api } = await createTenant(tollgate(), 'of the table', plan.name as string);
    const { make, ai } = (await api.get('/v1/usage/all')).body;
    expect([make.limit, ai.limit]).toEqual([plan.credits.make, plan.credits.ai]);
    const ttlOf = async (ttl?: number) =>
      (await api.post('/v1/check-lock', { key: `ttl-${ttl}`, ttl })).body.ttl as number;
    expect([await ttlOf(), await ttlOf(999 * HOUR)]).toEqual([plan.ttlSec.default, plan.ttlSec.most]);
    expect((await api.post('/v1/policies/a', { max_actions_per_hour: 1 })).body.policy).toEqual({
      max_actions_per_hour: 1,
    });
  });

  it('names every member of a plan, and every plan that is built in', () => {
    const [plan] = guide.shown('plans.json');
    const members = tableOf(PAGE, 'member').map(([member = '']) => member.replaceAll('`', ''));
    expect(['name', ...members]).toEqual(Object.keys(plan as object));
    const [, named = ''] = /One of a built-in name \((.*?)\)/s.exec(pageText(PAGE)) ?? [];
    expect([...named.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(DEFAULT_PLANS.map(({ name }) => name));
  });

  guide.everyBlockIsRun();
}
