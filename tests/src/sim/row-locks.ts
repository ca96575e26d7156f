import type { SimProcess } from './sim-process.js';
import type { World } from './world.js';

/** Until the server notices that a client is gone. */
const NOTICED_MS = 50;

interface Waiting {
  readonly owner: LockOwner;
  readonly names: readonly string[];
  readonly granted: () => void;
  readonly refused: (error: Error) => void;
}

/** Locks of rows, each held by one transaction until it ends. */
export class RowLocks {
  private readonly holders = new Map<string, LockOwner>();
  private waiting: Waiting[] = [];
  private readonly ownersOf = new Map<SimProcess, Set<LockOwner>>();

  constructor(
    private readonly world: World,
    private readonly timeoutMs: number,
  ) {}

  newOwner(process: SimProcess): LockOwner {
    const owner = new LockOwner(this, process);
    this.ofProcess(process).add(owner);
    return owner;
  }

  lock(owner: LockOwner, names: readonly string[]): Promise<void> {
    if (owner.ended) return Promise.reject(new Error('the transaction is over'));
    return new Promise((resolve, reject) => {
      const cancel = this.world.after(this.timeoutMs, () => {
        this.waiting = this.waiting.filter((one) => one !== waiting);
        reject(new Error('Query read timeout'));
      });
      const waiting: Waiting = {
        owner,
        names,
        granted: () => {
          cancel();
          resolve();
        },
        refused: (error) => {
          cancel();
          reject(error);
        },
      };
      this.waiting.push(waiting);
      this.grant();
    });
  }

  release(owner: LockOwner): void {
    owner.ended = true;
    this.ownersOf.get(owner.process)?.delete(owner);
    this.waiting = this.waiting.filter((one) => one.owner !== owner);
    for (const [name, holder] of this.holders) if (holder === owner) this.holders.delete(name);
    this.grant();
  }

  /** The server stopped: whoever waits is told, and nothing is held any more. */
  clear(): void {
    this.holders.clear();
    for (const { refused } of this.waiting.splice(0)) refused(new Error('Connection terminated unexpectedly'));
  }

  private ofProcess(process: SimProcess): Set<LockOwner> {
    const known = this.ownersOf.get(process);
    if (known !== undefined) return known;
    const owners = new Set<LockOwner>();
    this.ownersOf.set(process, owners);
    process.onDeath(() => {
      // A commit that has left is done first.
      const left = [...owners].filter(({ committing }) => !committing);
      this.world.after(NOTICED_MS, () => {
        for (const owner of left) this.release(owner);
      });
    });
    return owners;
  }

  private grant(): void {
    this.waiting = this.waiting.filter(({ owner, names, granted }) => {
      const mine = (name: string): boolean => (this.holders.get(name) ?? owner) === owner;
      if (!names.every(mine)) return true;
      for (const name of names) this.holders.set(name, owner);
      granted();
      return false;
    });
  }
}

/** One transaction. */
export class LockOwner {
  committing = false;
  /** What still arrives from a client that is gone takes nothing any more. */
  ended = false;

  constructor(
    private readonly locks: RowLocks,
    readonly process: SimProcess,
  ) {}

  lock(names: readonly string[]): Promise<void> {
    return this.locks.lock(this, names);
  }

  release(): void {
    this.locks.release(this);
  }
}
