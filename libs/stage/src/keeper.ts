import type { Draft } from '@tollgate/events';
import type { Clock } from '@tollgate/journal';
import type { KeepingTimes } from './keeping.js';
import type { OwnJournal } from './own-journal.js';
import type { Snapshots } from './snapshots.js';
import type { StageDefinition } from './stage-definition.js';

export interface KeeperOptions<S> {
  readonly definition: StageDefinition<S>;
  readonly journal: OwnJournal<S>;
  readonly clock: Clock;
  readonly times: KeepingTimes;
  readonly snapshots: Snapshots<S>;
  /** Resolves when the stage has decided its inputs up to their ends as of now. */
  readonly look: () => Promise<void>;
}

interface Taken {
  readonly bytes: Uint8Array;
  readonly epoch: string;
}

/** What is to be journaled again, all of it older than `before`, and then said to be (rule 15). */
export interface Carrying {
  readonly from: 'keeping';
  readonly carried: Iterator<Draft>;
  readonly before: number;
}

/** In entries of half a kilobyte. To write a larger state down would hold its owner up: there a standby does it. */
const LARGE_STATE = 100_000;
/** A new owner soon says what it needs, however short its life. */
const FIRST_LOOK = 0.1;

/** Makes the oldest messages of a journal needless: carries what still holds, and takes snapshots. */
export class Keeper<S> {
  private cancel: (() => void) | undefined;
  private taken: Taken | undefined;
  private isLooking = false;
  /** As large as the state was when it was measured last: it is not measured with every append. */
  private lastSize = 0;

  constructor(private readonly options: KeeperOptions<S>) {}

  /** Hands what is to be carried to the owner's loop, from time to time. */
  start(carry: (carrying: Carrying) => void, afterMs = this.options.times.everyMs * FIRST_LOOK): void {
    const { clock, times, look } = this.options;
    this.cancel = clock.after(afterMs, () => {
      this.start(carry, times.everyMs);
      if (this.isLooking) return;
      this.isLooking = true;
      // The look ends when everything is decided that lies in the inputs now: none of it waits for what is days older than
      // now. Of what is days older than the look's end that is not known: a look may take days.
      const before = clock.now() - times.carryAfterMs;
      look()
        .then(
          () => {
            carry(this.carrying(before));
          },
          () => undefined,
        )
        .finally(() => (this.isLooking = false));
    });
  }

  private carrying(before: number): Carrying {
    const { definition, journal } = this.options;
    const carried = definition.keeping.carry?.(journal.state, before) ?? [];
    return { from: 'keeping', carried: carried[Symbol.iterator](), before };
  }

  stop(): void {
    this.cancel?.();
  }

  /** The state holds this append and nothing behind it. */
  beforeAppend(): void {
    this.taken = this.isDue() && this.lastSize <= LARGE_STATE ? this.take() : undefined;
  }

  acknowledged(seq: number): void {
    if (this.taken !== undefined) void this.options.snapshots.save(this.taken.bytes, seq, this.taken.epoch);
    this.taken = undefined;
  }

  /** A standby's state is acknowledged to its last batch. */
  foldedAlong(): void {
    const { journal, snapshots } = this.options;
    if (!this.isDue() || this.lastSize <= LARGE_STATE) return;
    const taken = this.take();
    if (taken !== undefined) void snapshots.save(taken.bytes, journal.seq, taken.epoch);
  }

  /** The larger the state, the seldomer: what a snapshot costs is spread over the events between two of them. */
  private isDue(): boolean {
    const { journal, times, definition } = this.options;
    if (journal.sinceSnapshot < Math.max(times.snapshotEvery, this.lastSize)) return false;
    this.lastSize = definition.keeping.sizeOf(journal.state);
    return journal.sinceSnapshot >= this.lastSize;
  }

  /** Undefined for a state that is too large to be written down at all: then there is no snapshot. */
  private take(): Taken | undefined {
    const { journal, snapshots } = this.options;
    journal.sinceSnapshot = 0;
    try {
      return { bytes: snapshots.take(journal), epoch: journal.epoch };
    } catch {
      return undefined;
    }
  }
}
