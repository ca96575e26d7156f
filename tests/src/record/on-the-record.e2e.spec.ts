import { partitionOf } from '@tollgate/events';
import { Bus, CONFIG_STREAM } from '@tollgate/journal';
import { openDatabase, type AuditDatabase } from '@tollgate/store';
import { answer, drop, eventually, Installation, newTenant, type Api } from '../harness/index.js';
import { eventsOfJournals, rowsOfEvents } from './rows-and-events.js';
import { storedMessages } from './stored-messages.js';

const PARTITIONS = 2;
const KILLS = 4;
const DIES_UNCOMMITTED = { TOLLGATE_FAULTS: 'audit.postgres.before-commit:4=kill' };
const CALLS_BETWEEN_KILLS = 30;

/** Everything that was decided and changed is in Postgres, once, with who did it. */
describe('on the record', () => {
  let tollgate: Installation;
  let database: AuditDatabase;
  let bus: Bus;
  beforeAll(async () => {
    tollgate = await Installation.start({ layout: 'each', env: { TOLLGATE_PARTITIONS: String(PARTITIONS) } });
    database = openDatabase(tollgate.postgres.url, { name: 'test', connections: 2, timeoutMs: 20_000 });
    bus = await Bus.connect(tollgate.nats.url, { name: 'test', reconnect: false });
    tollgate.tool.on('errs', answer(400));
    tollgate.tool.on('drops', drop);
  }, 60_000);
  afterAll(async () => {
    await bus.close();
    await database.destroy();
    await tollgate.stop();
  }, 30_000);

  /** The projection of the tenant's partition, and of CONFIG, has reached the ends of what it reads. */
  const projected = (api: Api): Promise<void> =>
    eventually('the record is complete', async () => {
      const read = await api.get('/v1/agents/a1/logs');
      return read.status === 200 && read.headers.get('x-tollgate-lag') === null;
    });

  describe('every change has the key that made it', () => {
    let keyId: string;
    let api: Api;
    beforeAll(async () => {
      const { body } = await tollgate.api.post('/v1/keys', { role: 'admin', name: 'operator' });
      keyId = body.id as string;
      api = tollgate.api.as(body.key as string);
    });

    const changesBy = async (by: string, tenant = 'default') => {
      await projected(api);
      const query = database.selectFrom('config_changes').select(['type', 'data']).orderBy('seq');
      return await query.where('by', '=', by).where('tenant', '=', tenant).execute();
    };

    it('of policies, tools, agents and keys, in their order', async () => {
      await api.post('/v1/policies/a9', { max_actions_per_hour: 5 });
      await api.put('/v1/policies/a9', { blocked_tools: ['x'] });
      await tollgate.register('changed', {}, api);
      await tollgate.register('changed', { timeout_ms: 1_000 }, api);
      await api.post('/v1/tools/changed/toggle', { enabled: false });
      await api.delete('/v1/tools/changed');
      await api.post('/v1/agents/a9/disable', { reason: 'out of hand' });
      await api.post('/v1/agents/a9/enable', {});
      const minted = await api.post('/v1/keys', { role: 'agent', agents: ['a9'] });
      await api.delete(`/v1/keys/${minted.body.id}`);
      expect(await changesBy(keyId)).toMatchObject([
        { type: 'policy-set', data: { policy: { agent: 'a9', version: 1, maxActionsPerHour: 5 } } },
        { type: 'policy-set', data: { policy: { agent: 'a9', version: 2, blockedTools: ['x'] } } },
        { type: 'tool-set', data: { tool: { name: 'changed', timeoutMs: 15_000, enabled: true } } },
        { type: 'tool-set', data: { tool: { name: 'changed', timeoutMs: 1_000 } } },
        { type: 'tool-set', data: { tool: { name: 'changed', enabled: false } } },
        { type: 'tool-deleted', data: { name: 'changed', scope: 'global' } },
        { type: 'agent-disabled', data: { agent: 'a9', reason: 'out of hand' } },
        { type: 'agent-enabled', data: { agent: 'a9' } },
        { type: 'key-created', data: { key: { id: minted.body.id, role: 'agent', agents: ['a9'] } } },
        { type: 'key-revoked', data: { id: minted.body.id } },
      ]);
    });

    it('a refused change, and one that changes nothing, leave none', async () => {
      const before = (await changesBy(keyId)).length;
      await api.put('/v1/policies/a9', { blocked_tools: ['x'] });
      await api.post('/v1/agents/a9/enable', {});
      await api.delete('/v1/tools/unknown');
      await api.post('/v1/policies/a9', { max_actions_per_hour: -1 });
      expect(await changesBy(keyId)).toHaveLength(before);
    });

    it('a tenant that the command line made, with its key, was made by no key', async () => {
      const { id, keyId: theirs } = await newTenant(tollgate, 'made by an operator');
      expect(await changesBy('-', id)).toMatchObject([
        { type: 'tenant-created', data: { id, name: 'made by an operator' } },
        { type: 'key-created', data: { key: { id: theirs, role: 'admin' } } },
      ]);
    });

    it('a resolution says who resolved it, and with what word', async () => {
      await tollgate.register('drops', {}, api);
      const { body } = await api.run({ agent_id: 'a1', tool: 'drops', args: { resolved: true } });
      const word = { outcome: 'failed', note: 'not in the books' };
      expect((await api.post(`/v1/calls/${body.call_id}/resolve`, word)).body.decision).toBe('failed');
      await projected(api);
      const query = database.selectFrom('events').select('data').where('type', '=', 'resolved');
      expect(await query.where('call_id', '=', body.call_id as string).execute()).toMatchObject([
        { data: { by: keyId, note: 'not in the books', decision: 'failed' } },
      ]);
    });
  });

  describe(`with audit killed ${KILLS} times under load`, () => {
    const answered: Answered[] = [];
    const inDoubt: Answered[] = [];
    const tenants: Api[] = [];
    beforeAll(async () => {
      const partitions = new Set<number>();
      while (tenants.length < 4 || partitions.size < PARTITIONS) {
        const { id, api } = await newTenant(tollgate, `tenant ${tenants.length}`);
        partitions.add(partitionOf(id, PARTITIONS));
        tenants.push(api);
      }
      for (const api of tenants) {
        for (const tool of ['echo', 'errs', 'drops', 'forbidden']) await tollgate.register(tool, {}, api);
        await tollgate.policy('a1', { blocked_tools: ['forbidden'], max_calls_per_tool: { errs: 10 } }, api);
      }
      let killing = true;
      const loads = tenants.map((api) => mixedLoad(api, () => killing));
      for (let kill = 1; kill <= KILLS; kill++) await auditDies(kill);
      killing = false;
      await Promise.all(loads);
      await Promise.all(inDoubt.map(({ api, callId }) => resolve(api, callId)));
      for (const api of tenants) await projected(api);
    }, 90_000);

    /** Every other time by itself, between writing rows and committing them; else whenever it is. */
    async function auditDies(kill: number): Promise<void> {
      const [before, audit] = [answered.length, tollgate.processes.findLast(({ kind }) => kind === 'audit')];
      await eventually(`load before kill ${kill}`, () => answered.length >= before + CALLS_BETWEEN_KILLS);
      if (kill % 2 === 0) await eventually(`audit dies uncommitted ${kill}`, () => audit?.hasExited === true);
      else await audit?.kill();
      // The one that dies by itself may do so before it says that it is ready.
      if (kill % 2 === 1) await tollgate.startProcess('audit', DIES_UNCOMMITTED).catch(() => undefined);
      else await tollgate.startProcess('audit');
    }

    /** Calls that end in every way, one after the other; those in doubt are resolved when the record is back. */
    async function mixedLoad(api: Api, goesOn: () => boolean): Promise<void> {
      for (let at = 0; goesOn(); at++) {
        const { status, body } = await api.run(mixedCall(at));
        expect([at, status]).toEqual([at, 200]);
        const call = { api, callId: body.call_id as string, decision: body.decision as string };
        answered.push(call);
        if (body.policy_reason === 'outcome_unknown') inDoubt.push(call);
      }
    }

    function mixedCall(n: number): Readonly<Record<string, unknown>> {
      const tools: Readonly<Record<number, string>> = { 6: 'forbidden', 8: 'errs', 29: 'drops' };
      const args = { n: n % 10 === 7 ? n - 2 : n };
      return { agent_id: 'a1', tool: tools[n % 30] ?? 'echo', run_id: `run-${n % 7}`, args };
    }

    async function resolve(api: Api, callId: string): Promise<void> {
      const word = { outcome: 'executed', note: 'it did' };
      await eventually(`${callId} is resolved`, async () => {
        return (await api.post(`/v1/calls/${callId}/resolve`, word)).status === 200;
      });
    }

    it('the rows are the events of all journals, each once, in their places', async () => {
      const rows = await rowsOfEvents(database);
      expect(rows).toEqual(await eventsOfJournals(bus, PARTITIONS));
      const partitions = await database.selectFrom('events').select('partition').distinct().execute();
      expect(partitions).toHaveLength(PARTITIONS);
      expect(rows.length).toBeGreaterThan(4 * answered.length);
    });

    it('the changes are the messages of CONFIG, each once', async () => {
      const rows = await database.selectFrom('config_changes').select('seq').orderBy('seq').execute();
      const messages = await storedMessages(bus, CONFIG_STREAM);
      expect(rows.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq));
    });

    it('every call that was answered is one row as it was answered, and began and finished once', async () => {
      expect(answered.length).toBeGreaterThanOrEqual(KILLS * CALLS_BETWEEN_KILLS);
      expect(inDoubt).not.toEqual([]);
      const calls = await database.selectFrom('calls').select(['call_id', 'decision', 'resolved_id']).execute();
      const decisions = new Map(
        calls.map(({ call_id, decision, resolved_id }) => [call_id, resolved_id === null ? decision : 'failed']),
      );
      expect(answered.filter(({ callId, decision }) => decisions.get(callId) !== decision)).toEqual([]);
      const frames = await database
        .selectFrom('timeline')
        .select(({ fn }) => ['call_id', 'type', fn.countAll<number>().as('count')])
        .where('type', 'in', ['run_started', 'run_finished'])
        .groupBy(['call_id', 'type'])
        .execute();
      expect(frames.filter(({ count }) => Number(count) !== 1)).toEqual([]);
      expect(frames).toHaveLength(2 * calls.length);
    });

    it('what is counted from them is right, too: rollups and the lengths of runs', async () => {
      const calls = await database
        .selectFrom('calls')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst();
      const rollups = await database
        .selectFrom('rollups_hourly')
        .select(({ fn }) => fn.sum<number>('count').as('count'))
        .executeTakeFirst();
      expect(Number(rollups?.count)).toBe(Number(calls?.count));
      const timeline = await database
        .selectFrom('timeline')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst();
      const runs = await database
        .selectFrom('runs')
        .select(({ fn }) => fn.sum<number>('events_count').as('count'))
        .executeTakeFirst();
      expect(Number(runs?.count)).toBe(Number(timeline?.count));
    });
  });
});

interface Answered {
  readonly api: Api;
  readonly callId: string;
  readonly decision: string;
}
