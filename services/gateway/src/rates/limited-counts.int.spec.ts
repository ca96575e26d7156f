import { randomUUID } from 'node:crypto';
import { env } from 'node:process';
import { decodeEvent, decodeJson, type LimitedCount } from '@tollgate/events';
import { Bus, BusError, limitedSubject, notesStream, systemClock } from '@tollgate/journal';
import { createLogger } from '@tollgate/runtime';
import { LimitedCounts } from './limited-counts.js';

const DAY = Date.UTC(2026, 10, 21);
const logger = createLogger({ level: 'silent' });

describe('requests that were refused for their rate', () => {
  let bus: Bus;
  beforeAll(async () => {
    bus = await Bus.connect(env['NATS_URL'] ?? '', { name: 'limited', reconnect: false });
    // Unless another spec has made it on this server.
    const notes = { name: notesStream(0), subjects: ['tollgate.notes.0.>'] };
    await bus.manager.streams.add(notes).catch(() => undefined);
  });
  afterAll(() => bus.close());

  /** A gateway, whose appends are answered as `acks` says. */
  const gateway = (acks: (append: () => Promise<number>) => Promise<number> = (append) => append()) => {
    const name = randomUUID();
    const port = {
      append: (...how: Parameters<Bus['append']>) => acks(() => bus.append(...how)),
      endOfSubject: (...where: Parameters<Bus['endOfSubject']>) => bus.endOfSubject(...where),
    };
    return { name, counts: new LimitedCounts({ bus: port, gateway: name, partitions: 1, clock: systemClock, logger }) };
  };

  /** What NOTES holds of a gateway, summed up. */
  async function stored(name: string): Promise<readonly string[]> {
    const sums = new Map<string, number>();
    for (const { tenant, day, count } of await messagesOf(name)) {
      sums.set(`${tenant} ${day}`, (sums.get(`${tenant} ${day}`) ?? 0) + count);
    }
    return [...sums].map(([what, count]) => `${what} ${String(count)}`).sort();
  }
  async function messagesOf(name: string): Promise<readonly LimitedCount[]> {
    const { first, last } = await bus.rangeOf(notesStream(0));
    const counts: LimitedCount[] = [];
    for (let seq = first; seq <= last; seq += 1) {
      const message = await bus.message(notesStream(0), seq);
      if (message?.subject !== limitedSubject(0, name)) continue;
      const event = decodeEvent(decodeJson(message.data));
      if (event.type === 'requests-limited') counts.push(...event.data.counts);
    }
    return counts;
  }

  it('are told by tenant and day, once', async () => {
    const { name, counts } = gateway();
    for (let time = 0; time < 3; time += 1) counts.add('acme', DAY);
    counts.add('acme', DAY + 86_400_000);
    counts.add('globex', DAY);
    await counts.flush();
    await counts.flush();
    counts.add('acme', DAY);
    await counts.stop();
    expect(await stored(name)).toEqual(['acme 2026-11-21 4', 'acme 2026-11-22 1', 'globex 2026-11-21 1']);
  });

  it('whose acknowledgement was lost are not told twice', async () => {
    let lost = 0;
    const { name, counts } = gateway(async (append) => {
      const seq = await append();
      if ((lost += 1) > 2) return seq;
      throw new BusError('timeout', 'no acknowledgement');
    });
    for (let time = 0; time < 5; time += 1) {
      counts.add('acme', DAY);
      await counts.flush();
    }
    expect(await stored(name)).toEqual(['acme 2026-11-21 5']);
  });

  it('wait here while the broker is away', async () => {
    let away = true;
    const { name, counts } = gateway((append) =>
      away ? Promise.reject(new BusError('unavailable', 'away')) : append(),
    );
    counts.add('acme', DAY);
    await counts.flush();
    counts.add('acme', DAY);
    away = false;
    await counts.flush();
    expect(await stored(name)).toEqual(['acme 2026-11-21 2']);
    await counts.stop();
  });

  it('are told also when what was told before has been purged', async () => {
    const { name, counts } = gateway();
    counts.add('acme', DAY);
    await counts.flush();
    await bus.purge(notesStream(0), (await bus.endOf(notesStream(0))) + 1, limitedSubject(0, name));
    counts.add('acme', DAY);
    await counts.flush();
    expect(await stored(name)).toEqual(['acme 2026-11-21 1']);
  });
});
