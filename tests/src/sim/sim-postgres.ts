import type { TableStore, TableTransaction } from '@tollgate/audit';
import type { CallRecord } from '@tollgate/gateway';
import { recordedCall } from './recorded-call.js';
import { RowLocks, type LockOwner } from './row-locks.js';
import type { SimProcess } from './sim-process.js';
import { SimTables } from './sim-tables.js';
import type { World } from './world.js';

/** Of answers, so that what was stored is not known. */
const LOST = 0.02;
const USUAL_MS = 2;
const RARE_MS = 200;
/** Of a lock that is not given. */
const TIMEOUT_MS = 10_000;

const away = (): Error => new Error('Connection terminated unexpectedly');
const noTables = (): Error => Object.assign(new Error('the relation does not exist'), { code: '42P01' });

/** Postgres as far as the record needs it: transactions that hold locks, a server that stops, tables that are dropped. */
export class SimPostgres {
  /** Undefined until audit has made them. */
  tables: SimTables | undefined;
  private calm = false;
  private running = true;
  /** Grows with every stop and drop: the transactions before are gone. */
  private life = 0;
  private drops = 0;
  private readonly locks: RowLocks;

  constructor(private readonly world: World) {
    this.locks = new RowLocks(world, TIMEOUT_MS);
  }

  get up(): boolean {
    return this.running;
  }

  set up(up: boolean) {
    this.running = up;
    if (!up) this.cut();
  }

  /** Faults are over. */
  recover(): void {
    this.running = true;
    this.calm = true;
  }

  /** Somebody drops the tables. */
  drop(): void {
    this.tables = undefined;
    this.drops += 1;
    this.cut();
  }

  /** As audit reaches it. */
  tablesOf(process: SimProcess): TableStore {
    return {
      prepare: () => this.ask(process, () => void (this.tables ??= new SimTables())),
      makeRoomFor: () => Promise.resolve(),
      positions: (names) => this.ask(process, () => this.known().positionsOf(names)),
      transaction: (work) => this.transaction(process, work),
    };
  }

  /** As a gateway reaches it. */
  recordOf(process: SimProcess): CallRecord {
    return {
      callById: (tenant, callId) => this.ask(process, () => recordedCall(this.known().call(tenant, callId))),
      positions: (sources) =>
        this.ask(process, () => {
          const positions = Object.entries(this.known().positionsOf(sources));
          return { positions: new Map(positions.map(([source, { seq }]) => [source, seq])), made: `${this.drops}` };
        }),
    };
  }

  private async transaction(process: SimProcess, work: (trx: TableTransaction) => Promise<void>): Promise<void> {
    const owner = this.locks.newOwner(process);
    const { life } = this;
    const current = (): SimTables => {
      if (life !== this.life) throw away();
      return this.known();
    };
    const writes: ((tables: SimTables) => void)[] = [];
    try {
      await work(this.transactionOf(owner, current, writes));
    } catch (error) {
      owner.release();
      throw error;
    }
    owner.committing = true;
    await this.ask(process, () => {
      try {
        const tables = current();
        for (const write of writes) write(tables);
      } finally {
        owner.release();
      }
    });
  }

  /** What is written is seen by nobody before the commit, and by the transaction itself it is not looked for. */
  private transactionOf(
    owner: LockOwner,
    current: () => SimTables,
    writes: ((tables: SimTables) => void)[],
  ): TableTransaction {
    const write = (one: (tables: SimTables) => void): Promise<void> => {
      writes.push(one);
      return Promise.resolve();
    };
    const locked = <T>(names: () => readonly string[], query: (tables: SimTables) => T): Promise<T> =>
      this.ask(owner.process, async () => {
        await owner.lock(names());
        return query(current());
      });
    return {
      // A row that is not there yet cannot be locked: two may begin at the same moment.
      lockedPositions: (names) =>
        locked(
          () => names.filter((name) => current().position(name) !== undefined),
          (tables) => tables.positionsOf(names),
        ),
      countedCall: (tenant, callId) => Promise.resolve(current().countedCall(tenant, callId)),
      write: (rows, rollups) => write((tables) => tables.write(rows, rollups)),
      // An insert waits for whoever has inserted the same key and has not committed yet.
      beginPositions: (rows) =>
        locked(
          () => rows.map(({ source }) => source),
          (tables) => {
            const begun = rows.filter(({ source }) => tables.position(source) === undefined);
            writes.push((then) => then.setPositions(begun));
            return begun.length;
          },
        ),
      setPositions: (rows) => write((tables) => tables.setPositions(rows)),
    };
  }

  private known(): SimTables {
    if (this.tables === undefined) throw noTables();
    return this.tables;
  }

  private cut(): void {
    this.life += 1;
    this.locks.clear();
  }

  private async done<T>(work: () => T | Promise<T>): Promise<T> {
    if (!this.running) throw away();
    return await work();
  }

  /** There and back; a server that is away, or an answer that is lost, are the same to whoever asked. */
  private ask<T>(process: SimProcess, work: () => T | Promise<T>): Promise<T> {
    const { random } = process;
    const oneWay = (): number => random.delay(USUAL_MS, RARE_MS);
    return new Promise((resolve, reject) => {
      this.world.after(oneWay(), () => {
        const done = this.done(work);
        const lost = !this.calm && random.chance(LOST);
        const back = (end: () => void): void => void process.after(oneWay(), end);
        done.then(
          (value) => {
            back(() => {
              if (lost) reject(away());
              else resolve(value);
            });
          },
          (error: unknown) => {
            back(() => {
              reject(error as Error);
            });
          },
        );
      });
    });
  }
}
