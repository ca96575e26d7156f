import type { RedisStore } from '@tollgate/audit';
import type { TaskStore } from '@tollgate/gateway';
import { taskPositionsKey } from '@tollgate/store';
import { projectOutcomes, projectTasks, type KeptString } from './redis-scripts.js';
import type { SimProcess } from './sim-process.js';
import type { World } from './world.js';

export interface RedisPort extends RedisStore {
  get(key: string): Promise<string | null>;
}

/** Of answers, so that what was done is not known. */
const LOST = 0.02;
const USUAL_MS = 1;
const RARE_MS = 80;
const TASK_POSITIONS = taskPositionsKey(0).slice(0, -1);

/** Redis as far as Tollgate uses it: may be wiped, away, or do what it was asked and not say so. */
export class SimRedis {
  up = true;
  private calm = false;
  private readonly strings = new Map<string, KeptString>();
  private readonly hashes = new Map<string, Map<string, string>>();

  constructor(private readonly world: World) {}

  /** Faults are over. */
  recover(): void {
    this.up = true;
    this.calm = true;
  }

  flushAll(): void {
    this.strings.clear();
    this.hashes.clear();
  }

  get(key: string): string | null {
    const kept = this.strings.get(key);
    return kept === undefined || kept.until < this.world.now ? null : kept.value;
  }

  hash(key: string): ReadonlyMap<string, string> {
    return this.hashes.get(key) ?? new Map();
  }

  portOf(process: SimProcess): RedisPort {
    const ask = <T>(work: () => T): Promise<T> => this.ask(process, work);
    return {
      get: (key) => ask(() => this.get(key)),
      hgetall: (key) => ask(() => Object.fromEntries(this.hashes.get(key) ?? [])),
      eval: (_script, keys, ...rest) => {
        const texts = rest.map(String);
        const project = (texts[0] ?? '').startsWith(TASK_POSITIONS) ? projectTasks : projectOutcomes;
        const { strings, hashes, world } = this;
        return ask(() => project({ strings, hashes, now: world.now }, texts.slice(0, keys), texts.slice(keys)));
      },
    };
  }

  /** As the product's transaction reads it: the position and the value of one moment. */
  taskStoreOf(process: SimProcess): TaskStore {
    const seqOf = (partition: number, source: string): number =>
      Number((this.hashes.get(taskPositionsKey(partition))?.get(source) ?? '0').split(':')[0]);
    return {
      string: (partition, source, key) =>
        this.ask(process, () => ({ seq: seqOf(partition, source), value: this.get(key) })),
      hash: (partition, source, key) =>
        this.ask(process, () => ({
          seq: seqOf(partition, source),
          value: Object.fromEntries(this.hashes.get(key) ?? []),
        })),
    };
  }

  private ask<T>(process: SimProcess, work: () => T): Promise<T> {
    const { random } = process;
    const oneWay = (): number => random.delay(USUAL_MS, RARE_MS);
    return new Promise((resolve, reject) => {
      this.world.after(oneWay(), () => {
        const value = this.up ? work() : undefined;
        const failed = !this.up || (!this.calm && random.chance(LOST));
        process.after(oneWay(), () => {
          if (failed) reject(new Error('the connection to Redis broke'));
          else resolve(value as T);
        });
      });
    });
  }
}
