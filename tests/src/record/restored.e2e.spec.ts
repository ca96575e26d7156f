import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSealingKey, mintSealingKey } from '@tollgate/sealing';
import { sql } from 'kysely';
import { drop, eventually, Installation } from '../harness/index.js';
import { COPIED, dumpable, inPostgres, recordCopies, type RecordCopies } from './record-copies.js';

const AGENT = 'keeper';
/** What anybody can read; metrics of a week, because hours pass. */
const READS = [
  'runs',
  'runs/first',
  'runs/second',
  'events',
  'calls',
  `agents/${AGENT}/logs`,
  `agents/${AGENT}/metrics?period=week`,
  'tools',
  'policies',
  'keys',
];

/** docs/operations.md, backups: what is needed to restore an installation, and what it means that a part is missing. */
describe(`an installation from its backup, ${COPIED}`, () => {
  let tollgate: Installation;
  let copies: RecordCopies;
  const atFirst: Record<string, unknown> = {};
  const atLast: Record<string, unknown> = {};
  const ids: Record<string, string> = {};
  const note = { run_id: 'first', type: 'began', req_id: 'r-1' };

  beforeAll(async () => {
    tollgate = await Installation.start({ env: { LOG_LEVEL: 'warn' }, postgres: dumpable });
    copies = recordCopies(tollgate);
    await tollgate.register('search');
    await tollgate.register('capped');
    await tollgate.register('drops');
    tollgate.tool.on('drops', drop);
    await tollgate.policy(AGENT, { max_calls_per_tool: { capped: 1 }, max_spend_usd_per_day: 100 });
    const { api } = tollgate;
    await api.post('/v1/keys', { role: 'agent', agents: [AGENT] });
    await api.post('/v1/agents/suspect/disable', { reason: 'looked at' });
    await run({ tool: 'search', args: { n: 1 }, run_id: 'first', spend_usd: 2 });
    await run({ tool: 'capped', run_id: 'first' });
    ids['doubt'] = (await run({ tool: 'drops', run_id: 'first' }))['call_id'] as string;
    ids['note'] = String((await api.post('/v1/events', note)).body.event_id);
    Object.assign(atFirst, await everything());
    await backedUp('first');
    await run({ tool: 'search', args: { n: 2 }, run_id: 'second' });
    await run({ tool: 'nothing', run_id: 'second' });
    Object.assign(atLast, await everything());
    await backedUp('last');
    await tollgate.processesStopped();
    await tollgate.postgres.stop();
    await cp(data(), copyOfData(), { recursive: true });
    await tollgate.startAgain('postgres');
  }, 120_000);
  afterAll(() => tollgate.stop());

  it('is what it was, from the journals, the key and an older copy of the record', async () => {
    await restored('last', 'first');
    expect(await everything()).toEqual(atLast);
    const repeat = await run({ tool: 'search', args: { n: 1 } });
    expect(repeat).toMatchObject({ decision: 'dedup', result: { n: 1 } });
    expect(await run({ tool: 'capped', args: { n: 2 } })).toMatchObject({
      policy_reason: 'max_calls_per_tool_exceeded',
    });
    expect(await run({ tool: 'search', agent_id: 'suspect' })).toMatchObject({ policy_reason: 'agent_disabled' });
    expect(String((await tollgate.api.post('/v1/events', note)).body.event_id)).toBe(ids['note']);
    const word = { outcome: 'failed', note: 'nothing arrived' };
    expect((await tollgate.api.post(`/v1/calls/${ids['doubt']}/resolve`, word)).body).toMatchObject({
      decision: 'failed',
    });
    expect(await run({ tool: 'search', args: { n: 3 } })).toMatchObject({ decision: 'executed' });
  });

  it('is what it was, from its folders as they were when all of it stood still', async () => {
    await restored('last', 'folder');
    expect(await everything()).toEqual(atLast);
  });

  it('is what it was, from the journals and the key alone', async () => {
    await restored('last', 'nothing');
    expect(await everything()).toEqual(atLast);
  });

  it('says so where the record is ahead of the journals; without that record it is what the journals say', async () => {
    await restored('first', 'last', () =>
      eventually('the projection has stopped', async () => {
        const { body } = await tollgate.api.as(undefined).get('/readyz');
        return body.degraded === true && body.missing.includes('projection postgres');
      }),
    );
    await restored('first', 'nothing');
    expect(await everything()).toEqual(atFirst);
  });

  it('with another sealing key decides as before, and has lost what was sealed', async () => {
    await restored('last', 'nothing', undefined, formatSealingKey(mintSealingKey()));
    const reads = await everything();
    for (const path of ['runs', 'events', 'policies', 'keys', 'tools']) expect(reads[path]).toEqual(atLast[path]);
    const ran = (reads['calls'] as { call_id: string; tool: string }[]).find(({ tool }) => tool === 'capped');
    expect((await tollgate.api.get(`/v1/calls/${ran!.call_id}`)).body).not.toHaveProperty('result');
    expect(await run({ tool: 'capped', args: { n: 2 } })).toMatchObject({
      policy_reason: 'max_calls_per_tool_exceeded',
    });
    // The secret of a tool, and what arguments are told apart by.
    await tollgate.register('search');
    expect(await run({ tool: 'search', args: { n: 1 } })).toMatchObject({ decision: 'executed' });
  });

  async function run(call: object): Promise<Record<string, unknown>> {
    return (await tollgate.api.run({ agent_id: AGENT, ...call })).body as Record<string, unknown>;
  }

  /** Everything, once the record has caught up. */
  async function everything(): Promise<Record<string, unknown>> {
    const { api } = tollgate;
    await eventually('the record has caught up', async () => {
      const { status, headers } = await api.get('/v1/runs');
      return status === 200 && headers.get('x-tollgate-lag') === null;
    });
    const bodies = await Promise.all(READS.map(async (path) => [path, (await api.get(`/v1/${path}`)).body] as const));
    return Object.fromEntries(bodies);
  }

  const store = (): string => join(tollgate.folder, 'nats/store');
  const copyOf = (name: string): string => join(tollgate.folder, `copy-of-nats-${name}`);
  const data = (): string => join(tollgate.folder, 'postgres/data');
  const copyOfData = (): string => join(tollgate.folder, 'copy-of-postgres');

  /** First the record, while services run where it can be dumped; then the journals, while they and NATS stand still. */
  async function backedUp(name: string): Promise<void> {
    await copies.keep(name);
    await tollgate.processesStopped();
    await tollgate.nats.stop();
    await cp(store(), copyOf(name), { recursive: true });
    await tollgate.startAgain('nats');
    await started();
  }

  async function restored(
    journals: string,
    record: string,
    until: () => Promise<unknown> = () => tollgate.ready(),
    sealingKey?: string,
  ): Promise<void> {
    await tollgate.processesStopped();
    await Promise.all([tollgate.nats.stop(), tollgate.redis.stop()]);
    await rm(store(), { recursive: true });
    await cp(copyOf(journals), store(), { recursive: true });
    if (record === 'folder') await folderRestored();
    else {
      await inPostgres(tollgate, sql`drop database tollgate with (force)`);
      await inPostgres(tollgate, sql`create database tollgate`);
      if (record !== 'nothing') await copies.load(record);
    }
    await Promise.all([tollgate.startAgain('nats'), tollgate.startAgain('redis')]);
    await started(sealingKey, until);
  }

  async function folderRestored(): Promise<void> {
    await tollgate.postgres.stop();
    await rm(data(), { recursive: true });
    await cp(copyOfData(), data(), { recursive: true });
    await tollgate.startAgain('postgres');
  }

  async function started(sealingKey?: string, until: () => Promise<unknown> = () => tollgate.ready()): Promise<void> {
    await tollgate.startProcess('all', sealingKey === undefined ? {} : { TOLLGATE_SEALING_KEYS: sealingKey });
    await until();
  }
});
