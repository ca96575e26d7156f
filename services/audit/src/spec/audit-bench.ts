import { randomBytes } from 'node:crypto';
import { env } from 'node:process';
import { trace } from '@opentelemetry/api';
import type { JournalName, TollgateEvent } from '@tollgate/events';
import { Bus, encodeBatch, journalStream, JOURNALS } from '@tollgate/journal';
import { createLogger } from '@tollgate/runtime';
import { openDatabase, openRedis, type AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { DecisionSink, type DecisionTarget } from '../decisions/decision-sink.js';
import { Lane } from '../lane/lane.js';
import type { Sink, Slice } from '../lane/sink.js';
import { MessageCache } from '../reading/message-cache.js';
import type { Source } from '../reading/source.js';
import { CallWriter } from './journals.js';

type Redis = ReturnType<typeof openRedis>;

/** The servers that `npm test` starts. */
function serverUrl(name: 'NATS_URL' | 'REDIS_URL' | 'DATABASE_URL'): string {
  const url = env[name];
  if (url === undefined) throw new Error(`${name} must be set: npm test does it`);
  return url;
}

/** Journals, a database and Redis keys of a test's own on the shared servers, and lanes between them. */
export class AuditBench {
  readonly sources: readonly Source[];
  readonly decisions: DecisionTarget;
  readonly logger = createLogger({ level: 'silent' });
  private readonly lanes: Lane[] = [];
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly ends = new Map<JournalName, number>();
  private readonly writer = new CallWriter();
  /** Everything appended so far, with its journal. */
  readonly written: (readonly [JournalName, TollgateEvent])[] = [];

  private constructor(
    readonly name: string,
    readonly bus: Bus,
    private readonly administration: AuditDatabase,
  ) {
    this.sources = JOURNALS.map((journal) => ({
      kind: 'journal',
      name: nameOf(journal),
      stream: `${name}-${journal}`,
      journal,
      partition: 0,
    }));
    this.decisions = {
      stream: `${name}-decisions`,
      subject: (tenant, decision, agent) => `${name}.decision.${tenant}.${decision}.${agent}`,
    };
  }

  static async open(): Promise<AuditBench> {
    const name = `audit-${randomBytes(5).toString('hex')}`;
    const bus = await Bus.connect(serverUrl('NATS_URL'), { name, reconnect: true });
    const administration = openDatabase(serverUrl('DATABASE_URL'), { name, connections: 1, timeoutMs: 10_000 });
    const bench = new AuditBench(name, bus, administration);
    for (const journal of JOURNALS) await bench.createStream(`${name}-${journal}`, `${name}.${journal}`);
    await bench.createStream(bench.decisions.stream, `${name}.decision.>`);
    await sql`create database ${sql.id(name)}`.execute(administration);
    return bench;
  }

  /** A pool of its own, as another process has. */
  database(): AuditDatabase {
    const url = new URL(serverUrl('DATABASE_URL'));
    url.pathname = `/${this.name}`;
    const db = openDatabase(url.href, {
      name: this.name,
      connections: 2,
      timeoutMs: 10_000,
      onIdleError: () => undefined,
    });
    this.closers.push(() => db.destroy());
    return db;
  }

  async redis(): Promise<Redis> {
    const redis = openRedis(`${serverUrl('REDIS_URL')}?keyPrefix=${this.name}:`, { name: this.name, timeoutMs: 2_000 });
    this.closers.push(() => Promise.resolve(redis.disconnect()));
    await new Promise((resolve) => redis.once('ready', resolve));
    return redis;
  }

  decisionSink(): DecisionSink {
    return new DecisionSink(this.bus, this.decisions);
  }

  start(sink: Sink): Lane {
    const { bus, sources, logger } = this;
    const lane = new Lane({ bus, sources, sink, cache: new MessageCache(), tracer: trace.getTracer('test'), logger });
    this.lanes.push(lane);
    lane.start();
    return lane;
  }

  /** Starts a lane that dies between its nth commit and whatever would follow; resolves once it is gone. */
  async dieAfter(sink: Sink, slices: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const lane: Lane = this.start(new DyingSink(sink, slices, () => void lane.stop().then(resolve)));
    });
  }

  /** Appends the events of so many calls, each journal's in batches of up to three. */
  async writeCalls(calls: number): Promise<void> {
    const written = Array.from({ length: calls }, () => this.writer.next()).flat();
    for (const journal of JOURNALS) {
      const events = written.filter(([into]) => into === journal).map(([, event]) => event);
      for (let at = 0; at < events.length; at += 3) await this.append(journal, events.slice(at, at + 3));
    }
  }

  async append(journal: JournalName, events: readonly TollgateEvent[]): Promise<void> {
    const body = encodeBatch({ epoch: 'e1', positions: { calls: { mark: 'm', seq: 7, index: 0 } }, events });
    this.written.push(...events.map((event) => [journal, event] as const));
    this.ends.set(journal, await this.bus.append(`${this.name}.${journal}`, body));
  }

  /** Resolves when the lane has stored everything that was appended so far. */
  async caughtUp(lane: Lane): Promise<void> {
    await until(() => JOURNALS.every((journal) => lane.reached(nameOf(journal)) >= (this.ends.get(journal) ?? 0)));
  }

  async createStream(name: string, subject: string): Promise<void> {
    await this.bus.manager.streams.add({ name, subjects: [subject] });
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
    await Promise.all(this.closers.map((close) => close()));
    await sql`drop database ${sql.id(this.name)} with (force)`.execute(this.administration);
    await this.administration.destroy();
    for (const journal of JOURNALS) await this.bus.manager.streams.delete(`${this.name}-${journal}`).catch(() => false);
    await this.bus.manager.streams.delete(this.decisions.stream);
    await this.bus.close();
  }
}

const nameOf = (journal: JournalName): string => journalStream(journal, 0);

/** Polls until it holds; throws after `withinMs`. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Does what `inner` does, but after the nth slice with messages its process is gone: stored, and nobody heard of it. */
class DyingSink implements Sink {
  readonly name: string;
  readonly lingerMs: number;

  constructor(
    private readonly inner: Sink,
    private writesLeft: number,
    private readonly onDeath: () => void,
  ) {
    this.name = inner.name;
    this.lingerMs = inner.lingerMs;
  }

  beginning(nowMs: number) {
    return this.inner.beginning(nowMs);
  }

  load(sources: readonly Source[]) {
    return this.inner.load(sources);
  }

  async write(slice: Slice): Promise<void> {
    await this.inner.write(slice);
    if (slice.messages.length > 0) this.writesLeft -= 1;
    if (this.writesLeft > 0) return;
    this.onDeath();
    throw new Error('dead');
  }
}
