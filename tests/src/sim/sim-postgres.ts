import {
  PositionMovedError,
  projectedRows,
  SinkUnavailableError,
  type Beginning,
  type Positions,
  type Sink,
  type Slice,
  type Source,
} from '@tollgate/audit';
import type { SimProcess } from './sim-process.js';
import type { World } from './world.js';

/** Of commits, so that what was stored is not known. */
const LOST = 0.02;
const USUAL_MS = 2;
const RARE_MS = 200;

/** Postgres as far as the record needs it: rows and positions change together or not at all. */
export class SimPostgres {
  up = true;
  private calm = false;
  /** Ids of the events that were stored; one that was stored twice is here twice. */
  events: number[] = [];
  private positions = new Map<string, { readonly seq: number; readonly mark: string }>();

  constructor(private readonly world: World) {}

  /** Faults are over. */
  recover(): void {
    this.up = true;
    this.calm = true;
  }

  /** Somebody dropped the database: it comes back empty. */
  drop(): void {
    this.events = [];
    this.positions = new Map();
  }

  positionsOf(names: readonly string[]): Positions {
    const known = names.map((name) => [name, this.positions.get(name)] as const);
    return Object.fromEntries(known.filter((entry) => entry[1] !== undefined)) as Positions;
  }

  /** One transaction, at the moment of its commit: positions are locked until then. */
  commit(names: readonly string[], { messages, expected, next }: Slice): boolean {
    const stored = this.positionsOf(names);
    if (names.some((name) => !isSame(stored[name], expected[name]))) return false;
    this.events.push(...projectedRows(messages).events.map(({ id }) => id));
    for (const [name, position] of Object.entries(next)) this.positions.set(name, position);
    return true;
  }

  /** There and back; a server that is away, or an answer that is lost, are the same to whoever asked. */
  ask<T>(process: SimProcess, work: () => T): Promise<T> {
    const { random } = process;
    const oneWay = (): number => random.delay(USUAL_MS, RARE_MS);
    return new Promise((resolve, reject) => {
      this.world.after(oneWay(), () => {
        const value = this.up ? work() : undefined;
        const failed = !this.up || (!this.calm && random.chance(LOST));
        process.after(oneWay(), () => {
          if (failed) reject(new SinkUnavailableError('the connection to Postgres broke'));
          else resolve(value as T);
        });
      });
    });
  }
}

const isSame = (one: Positions[string] | undefined, other: Positions[string] | undefined): boolean =>
  one?.seq === other?.seq && one?.mark === other?.mark;

/** Stands for the product's table sink, whose SQL its own tests try on a real server. */
export class SimTableSink implements Sink {
  readonly name = 'postgres';
  readonly lingerMs = 10;
  private names: readonly string[] = [];

  constructor(
    private readonly process: SimProcess,
    private readonly postgres: SimPostgres,
  ) {}

  beginning(): Beginning {
    return 'first';
  }

  load(sources: readonly Source[]): Promise<Positions> {
    this.names = sources.map(({ name }) => name);
    return this.postgres.ask(this.process, () => this.postgres.positionsOf(this.names));
  }

  async write(slice: Slice): Promise<void> {
    if (!(await this.postgres.ask(this.process, () => this.postgres.commit(this.names, slice)))) {
      throw new PositionMovedError('Postgres is not where this projection left it');
    }
  }
}
