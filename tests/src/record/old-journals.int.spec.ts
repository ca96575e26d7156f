import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { Retention } from '@tollgate/audit';
import {
  DEFAULT_PLANS,
  Plans,
  executed,
  finish,
  journalKept,
  NO_TENANT,
  policyPassed,
  type Draft,
  type JournalName,
  type PassedCall,
} from '@tollgate/events';
import { startNats, type PrivateServer } from '@tollgate/infra/servers';
import {
  Bus,
  decodeBatch,
  encodeBatch,
  ensureStreams,
  journalStream,
  journalSubject,
  keptSubject,
  SNAPSHOTS_STREAM,
  systemClock,
  type Clock,
} from '@tollgate/journal';
import { LeaseController, leaseStage } from '@tollgate/lease';
import { createSealer, mintSealingKey } from '@tollgate/sealing';
import { decisionsOf, StageRunner } from '@tollgate/stage';
import { eventually } from '../harness/index.js';
import { silent } from '../sim/silent.js';

const DAY_MS = 24 * 3_600_000;
const TENANT = 'acme';
const unmeasured = {
  decided: () => undefined,
  answered: () => undefined,
  latency: () => undefined,
  appended: () => undefined,
  tookOver: () => undefined,
  lag: () => undefined,
};

/** The broker's clock does not know of the days that pass here: its stamps are those of the events. */
function stampedByEvents(bus: Bus): Bus {
  return Object.assign(Object.create(bus) as Bus, {
    message: async (stream: string, seq: number) => {
      const message = await bus.message(stream, seq);
      return message && { ...message, stampMs: decodeBatch(message.data).events[0]?.at ?? 0 };
    },
  });
}

/** A stage on a real broker, and days that pass: journals are carried on, purged, and folded from what is left. */
describe('a journal whose oldest part is purged', () => {
  let folder: string;
  let nats: PrivateServer;
  let bus: Bus;
  let days = 0;
  let lastId = 0;
  const running: StageRunner<never>[] = [];
  const sealer = createSealer({ keys: [mintSealingKey()], mode: 'on' });
  const clock: Clock = { ...systemClock, now: () => Date.now() + days * DAY_MS };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-old-'));
    nats = await startNats(join(folder, 'nats'));
    bus = await Bus.connect(nats.url, { name: 'tests', reconnect: false });
    // As an earlier release made it: it takes what says what is needed, too, once a process of this one has started.
    await bus.manager.streams.add({ name: journalStream('lease', 0), subjects: [journalSubject('lease', 0)] });
    await ensureStreams(bus, { partitions: 1, replicas: 1 });
  }, 60_000);
  afterAll(async () => {
    await Promise.all(running.map((runner) => runner.stop()));
    await bus.close();
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a neighbour of the lease stage journals. */
  async function journal(name: JournalName, draft: Draft, subject = journalSubject(name, 0)): Promise<number> {
    const event = finish(draft, (lastId += 1_000), clock.now());
    return bus.append(subject, encodeBatch({ epoch: name, positions: {}, events: [event] }));
  }

  async function leaseEvents(): Promise<string[]> {
    const { last } = await bus.rangeOf(journalStream('lease', 0));
    const messages = await Promise.all(
      Array.from({ length: last }, (_, i) => bus.message(journalStream('lease', 0), i + 1)),
    );
    return messages.flatMap((message) => (message ? decodeBatch(message.data).events.map(({ type }) => type) : []));
  }

  const comes = (type: string, times = 1): Promise<unknown> =>
    eventually(`${times} ${type}`, async () => {
      return (await leaseEvents()).filter((one) => one === type).length >= times;
    });

  /** The broker stamps what is true; the owner's clock is days ahead of it, so its heartbeat goes by the broker's time. */
  function startLease(): StageRunner<never> {
    const runner = new StageRunner<never>({
      definition: leaseStage as never,
      effects: {},
      decide: decisionsOf(new LeaseController(new Plans(DEFAULT_PLANS, 'unlimited'))),
      answer: () => undefined,
      partition: 0,
      instance: `lease-${running.length}`,
      connect: async (name) => {
        const own = await Bus.connect(nats.url, { name, reconnect: false });
        const lastOf = own.lastOf.bind(own);
        own.lastOf = async (...about) => {
          const message = await lastOf(...about);
          return message && { ...message, stampMs: message.stampMs + days * DAY_MS };
        };
        return own;
      },
      clock,
      observer: unmeasured,
      tracer: trace.getTracer('tests'),
      log: silent,
      sealer,
      keepingTimes: { carryAfterMs: 7 * DAY_MS, everyMs: 500, snapshotEvery: 3 },
      fault: () => undefined,
    });
    running.push(runner);
    runner.start();
    return runner;
  }

  const call = (callId: string): PassedCall => ({
    call: {
      callId,
      runId: callId,
      agent: 'billing',
      tool: 'pay',
      argsHash: 'args',
      keyId: 'key_1',
      gateway: 'gw',
      waitUntil: clock.now() + 30_000,
      requestedAt: clock.now(),
      deadline: clock.now() + 900_000,
      requestedId: 1,
    },
    args: { callId, inline: { k: 'k', b: 'sealed' } },
    terms: { scope: 'global', cost: 0, caps: {}, dedupHash: 'args', windowSec: 30 * 86_400 },
  });

  it('still knows a key whose window is a month, with its snapshot and without', async () => {
    const first = startLease();
    const one = call('first');
    await journal('policy', policyPassed.draft(TENANT, one));
    await comes('lease-acquired');
    const outcome = { decision: 'executed', reason: 'ok', spend: 0 } as const;
    await journal('dispatch', executed.draft(TENANT, { call: one.call, outcome }));
    await comes('lease-settled');

    days = 9;
    await comes('key-carried');
    for (const name of ['policy', 'budget', 'dispatch'] as const) {
      const kept = journalKept.draft(NO_TENANT, { from: clock.now() - 7 * DAY_MS, needs: [] });
      await journal(name, kept, keptSubject(name, 0));
    }
    await eventually('a snapshot', async () => (await bus.endOf(SNAPSHOTS_STREAM)) > 1);
    await first.stop();
    const end = await bus.endOf(journalStream('lease', 0));
    const sources = [{ kind: 'journal', name: 'LEASE-0', stream: 'LEASE-0', journal: 'lease', partition: 0 }] as const;
    const lane = { sources, stored: () => end };
    const options = { bus: stampedByEvents(bus), clock, logger: silent, partitions: 1, keptMs: 8 * DAY_MS };
    const retention = new Retention({ ...options, lanes: [lane] });
    // By what was stored a round ago.
    await retention.purge();
    expect((await bus.rangeOf(journalStream('lease', 0))).first).toBe(1);
    await retention.purge();
    const { first: begins } = await bus.rangeOf(journalStream('lease', 0));
    expect(begins).toBeGreaterThan(1);
    expect(await leaseEvents()).not.toContain('lease-settled');

    const second = startLease();
    await journal('policy', policyPassed.draft(TENANT, call('second')));
    await comes('deduplicated');
    await second.stop();
    await bus.purge(SNAPSHOTS_STREAM, (await bus.endOf(SNAPSHOTS_STREAM)) + 1);
    const third = startLease();
    await journal('policy', policyPassed.draft(TENANT, call('third')));
    await comes('deduplicated', 2);
    await third.stop();
  }, 60_000);
});
