import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answer, TOOL_SECRET } from '../harness/index.js';
import { DOCS, pageText, tableOf } from './code-blocks.js';
import type { Guide } from './guide.js';

export function idempotencyAndLeases(guide: Guide): void {
  const { tollgate } = guide;
  let env: { readonly TOLLGATE_KEY: string };
  beforeAll(async () => {
    await tollgate().register('coffee.make');
    await guide.json('reads.sh', { TOOL_URL: tollgate().tool.url('').replace(/\/$/, ''), TOOL_SECRET });
    await tollgate().policy('barista', { allowed_tools: ['coffee.make', 'coffee.menu'] });
    env = { TOLLGATE_KEY: await guide.agentKey('barista') };
  });
  const json = (name: string, ...args: string[]) => guide.json(name, env, ...args);
  /** What a refused block was answered. */
  const refused = async (name: string, ...args: string[]) => {
    const { code, output } = await guide.run(name, env, ...args);
    return { code, error: JSON.parse(output.slice(0, output.lastIndexOf('}') + 1)).detail.error as string };
  };

  it('takes the key for the act, and the arguments for it where there is no key', async () => {
    for (const [sent = '', told = ''] of tableOf(guide.page, 'you send')) {
      const [order = '', kind = ''] = [...sent.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
      const { output } = await guide.run('call.sh', env, order, kind);
      expect(output).toContain(`"${/`(\w+)`/.exec(told)?.[1]}"`);
    }
    expect(tollgate().tool.at('coffee.make')).toHaveLength(2);
    const api = tollgate().api.as(env.TOLLGATE_KEY);
    const [first, spelled] = [{ a: 1, b: 20 }, '{"agent_id":"barista","tool":"coffee.make","args":{"b":2e1,"a":1.0}}'];
    await api.run({ agent_id: 'barista', tool: 'coffee.make', args: first });
    expect((await api.send('POST', '/v1/ai/run', { raw: spelled })).body.decision).toBe('dedup');
  });

  it('remembers only what was executed', async () => {
    for (const [status, second] of [
      [400, 'executed'],
      [502, 'failed'],
    ] as const) {
      tollgate().tool.on('coffee.make', answer(status));
      expect(await json('call.sh', `burnt-${status}`, 'espresso')).toMatchObject({ decision: 'failed' });
      tollgate().tool.on('coffee.make', answer(200));
      expect(await json('call.sh', `burnt-${status}`, 'espresso')).toMatchObject({ decision: second });
    }
  });

  it('asks a tool that reads each time, unless there is a key', async () => {
    const read = async (more: object = {}) => {
      const call = { agent_id: 'barista', tool: 'coffee.menu', ...more };
      return (await tollgate().api.as(env.TOLLGATE_KEY).run(call)).body.decision;
    };
    expect([await read(), await read()]).toEqual(['executed', 'executed']);
    const named = { idempotency_key: 'menu-of-today' };
    expect([await read(named), await read(named)]).toEqual(['executed', 'dedup']);
  });

  it('locks for the first, and knows its own repeat', async () => {
    const [first, again, other] = [
      await json('lock.sh', 'mail-1', 'mine'),
      await json('lock.sh', 'mail-1', 'mine'),
      await json('lock.sh', 'mail-1', 'theirs'),
    ];
    expect([first.status, again.status, other.status]).toEqual(['locked', 'locked', 'duplicate']);
    const own = await tollgate().api.as(env.TOLLGATE_KEY).post('/v1/check-lock', { key: 'mail-1' });
    expect(own.body.status).toBe('duplicate');
  });

  it('leases to one at a time, and tells the others the result', async () => {
    const { status, lease_id, version } = await json('lease.sh', 'report', '60');
    expect(status).toBe('acquired');
    expect(await json('lease.sh', 'report', '60')).toMatchObject({ status: 'polling', lease_id: null });
    expect((await json('extend.sh', 'report', lease_id)).version).toBe(version + 1);
    const completed = await json('complete.sh', 'report', lease_id);
    expect(await json('complete.sh', 'report', lease_id)).toEqual(completed);
    expect(await refused('extend.sh', 'report', lease_id)).toEqual({ code: 22, error: 'lease_finished' });
    expect(await json('lease.sh', 'report', '60')).toMatchObject({ status: 'completed', result: { pages: 12 } });
  });

  it('gives the lease of one who sleeps to the next, and the sleeper learns it', async () => {
    const sleeper = await json('lease.sh', 'slept', '1');
    const next = await guide.until('lease.sh', ({ status }) => status === 'acquired', env, 'slept', '60');
    expect(next.version).toBeGreaterThan(sleeper.version);
    expect(await refused('complete.sh', 'slept', sleeper.lease_id)).toEqual({ code: 22, error: 'lease_mismatch' });
    await json('complete.sh', 'slept', next.lease_id);
  });

  it('runs a job to its end, once', async () => {
    const before = tollgate().tool.at('coffee.make').length;
    expect(await json('job.sh', 'table-7')).toMatchObject({ status: 'acquired' });
    const { result } = await guide.until('result.sh', ({ status }) => status === 'completed', env, 'table-7');
    expect(result.results).toMatchObject([{ decision: 'executed' }, { decision: 'executed' }]);
    expect(await json('job.sh', 'table-7')).toMatchObject({ status: 'completed' });
    expect(tollgate().tool.at('coffee.make')).toHaveLength(before + 2);
  });

  it('names tests and examples that there are', () => {
    const paths = [...pageText(guide.page).matchAll(/\]\((\.\.\/[^)#]+)/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(6);
    expect(paths.filter((path) => !existsSync(join(DOCS, path)))).toEqual([]);
  });

  guide.everyBlockIsRun();
}
