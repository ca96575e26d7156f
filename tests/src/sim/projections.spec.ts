import { blocked, finish, refusedOutcome, type CallHeader } from '@tollgate/events';
import { DECISIONS_STREAM, encodeBatch, JOURNALS, journalStream, journalSubject } from '@tollgate/journal';
import { isProjected, projectionTroubles } from './projection-checks.js';
import { SimAudit, type AuditAround } from './sim-audit.js';
import { SimBroker } from './sim-broker.js';
import type { Weather } from './sim-bus.js';
import { SimPostgres } from './sim-postgres.js';
import { SimProcess } from './sim-process.js';
import { SimRedis } from './sim-redis.js';
import { World } from './world.js';

const FAIR: Weather = { usualMs: 1, rareMs: 5, loseRequest: 0, loseAck: 0, late: 0, twice: 0 };
const FOUL: Weather = { usualMs: 4, rareMs: 400, loseRequest: 0.01, loseAck: 0.03, late: 0.01, twice: 0 };
const CHAOS_MS = 8_000;
const SETTLED_MS = 120_000;
const FAULTS = 8;
/** The low bits of an event's id name its writer. */
const IDS_APART = 8;

/** Journals that grow, audit processes that read them, and everything that may befall these and their stores. */
class ProjectionRun {
  readonly world: World;
  readonly around: AuditAround;
  audits: SimAudit[] = [];
  private weather = FOUL;
  private births = 0;
  private written = 0;

  constructor(seed: number) {
    const world = (this.world = new World(seed, false));
    const broker = new SimBroker(world, streamOf);
    this.around = {
      broker,
      postgres: new SimPostgres(world),
      redis: new SimRedis(world),
      weather: () => this.weather,
      partitions: 1,
      purgeEveryMs: 600_000,
      now: () => world.now,
    };
  }

  async play(): Promise<string[]> {
    const { random } = this.world;
    for (let copies = random.int(1, 2); copies > 0; copies -= 1) this.start();
    for (let n = random.int(20, 200); n > 0; n -= 1) this.world.after(random.next() * CHAOS_MS, () => this.append());
    for (let n = random.int(0, FAULTS); n > 0; n -= 1) this.world.after(random.next() * CHAOS_MS, () => this.fault());
    await this.world.play(CHAOS_MS);
    this.calm();
    await this.world.play(SETTLED_MS, () => this.world.random.chance(0.01) && isProjected(this.around));
    return projectionTroubles(this.around, this.audits);
  }

  private start(): void {
    const process = new SimProcess(this.world, `audit-${++this.births}`, { offsetMs: 0, rate: 1 });
    this.audits.push(new SimAudit(process, this.around));
  }

  private append(): void {
    const { random } = this.world;
    const journal = random.pick(JOURNALS);
    const now = Math.floor(this.world.now);
    const events = Array.from({ length: random.int(0, 3) }, () => {
      const n = ++this.written;
      const data = {
        call: { ...CALL, callId: `call-${n}`, runId: `run-${n % 5}`, requestedId: n * IDS_APART + 1 },
        outcome: refusedOutcome('tool_not_found'),
      };
      return finish(blocked.draft('tenant', data), n * IDS_APART, now);
    });
    const body = encodeBatch({ epoch: 'e', positions: {}, events });
    this.around.broker.store(journalSubject(journal, 0), body, {});
  }

  private fault(): void {
    const { random } = this.world;
    const { postgres, redis } = this.around;
    const audit = random.pick(this.audits);
    switch (random.int(0, 6)) {
      case 0:
        audit.process.kill();
        this.audits = this.audits.filter((one) => one !== audit);
        this.start();
        break;
      case 1:
        audit.process.pause(random.delay(2_000, 9_000));
        break;
      case 2:
        audit.sever();
        break;
      case 3:
        redis.flushAll();
        break;
      case 4:
        this.away(redis);
        break;
      case 5:
        this.away(postgres);
        break;
      default:
        postgres.drop();
    }
  }

  private away(store: { up: boolean }): void {
    store.up = false;
    this.world.after(this.world.random.delay(1_000, 5_000), () => (store.up = true));
  }

  private calm(): void {
    this.weather = FAIR;
    for (const store of [this.around.postgres, this.around.redis]) store.recover();
  }
}

const CALL: CallHeader = {
  callId: '',
  runId: '',
  agent: 'ann',
  tool: 'pay',
  argsHash: 'h',
  keyId: 'key',
  gateway: 'g',
  waitUntil: 0,
  requestedAt: 0,
  deadline: 0,
  requestedId: 0,
};

function streamOf(subject: string): string {
  const journal = JOURNALS.find((name) => subject === journalSubject(name, 0));
  return journal === undefined ? DECISIONS_STREAM : journalStream(journal, 0);
}

describe('projections, simulated: audit killed, paused and cut off, Redis wiped, Postgres dropped, both away', () => {
  it.each(Array.from({ length: 30 }, (_, n) => n + 1))(
    'seed %i: once quiet, Postgres and DECISIONS have every event once, and Redis every outcome',
    async (seed) => {
      expect(await new ProjectionRun(seed).play()).toEqual([]);
    },
    20_000,
  );
});
