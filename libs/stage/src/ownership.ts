import {
  BusError,
  decodeWord,
  encodeWord,
  HEARTBEAT_MS,
  mayClaim,
  ownerSubject,
  OWNERS_STREAM,
  watchFrom,
  type MessageBus,
  type Watch,
  type Clock,
} from '@tollgate/journal';

/** The owner's clock may be this far off the broker's; past it the stage appends nothing (rule 4). */
export const CLOCK_BOUND_MS = 1_000;
const WORD_TIMEOUT_MS = 2_000;

/** Who should own a partition of a stage: a claim and heartbeats in OWNERS. Decides liveness only (rule 1). */
export class Ownership {
  private watch: Watch | undefined;
  private wordSeq = 0;
  private beat = 0;
  private cancel: (() => void) | undefined;
  private readonly subject: string;

  constructor(
    private readonly bus: MessageBus,
    stage: string,
    partition: number,
    private readonly owner: string,
    private readonly clock: Clock,
  ) {
    this.subject = ownerSubject(stage, partition);
  }

  /** Looks once whether the owner is silent or has released, and claims then. True when this process should own now. */
  async tryClaim(): Promise<boolean> {
    const last = await this.bus.lastOf(OWNERS_STREAM, this.subject);
    const word = last === undefined ? undefined : decodeWord(last.data);
    this.watch = watchFrom(this.watch, last?.seq ?? 0, word, this.clock.monotonic());
    if (!mayClaim(this.watch, this.owner, this.clock.monotonic())) return false;
    try {
      await this.say(this.watch.seq, false);
    } catch (error) {
      if (error instanceof BusError && error.code === 'wrong_last_sequence') return false;
      throw error;
    }
    return true;
  }

  /** Beats until {@link stop}; `lost` is called once when somebody else claimed, or nothing can be said any more. */
  keep(lost: (why: Error) => void): void {
    this.cancel = this.clock.after(HEARTBEAT_MS, () => {
      this.say(this.wordSeq, false).then(
        () => {
          if (this.cancel !== undefined) this.keep(lost);
        },
        (error: unknown) => {
          if (this.cancel !== undefined) lost(error as Error);
        },
      );
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** Hands over at once; never fails, a standby claims after the silence anyway. */
  async release(): Promise<void> {
    this.stop();
    await this.say(this.wordSeq, true).catch(() => undefined);
  }

  private async say(expected: number, released: boolean): Promise<void> {
    const before = this.clock.now();
    const body = encodeWord({ owner: this.owner, beat: ++this.beat, released });
    this.wordSeq = await this.bus.append(this.subject, body, { lastSubjectSeq: expected }, WORD_TIMEOUT_MS);
    const after = this.clock.now();
    const stored = released ? undefined : await this.bus.lastOf(OWNERS_STREAM, this.subject);
    if (stored === undefined || stored.seq < this.wordSeq) return;
    // Whose clock has not been measured does not begin; whoever claimed since goes first.
    if (stored.seq > this.wordSeq) throw new BusError('wrong_last_sequence', 'somebody else has claimed since');
    const off = clockOff(stored.stampMs, before, after);
    if (Math.abs(off) <= CLOCK_BOUND_MS) return;
    // Somebody whose clock is right need not wait for our silence; and nothing is appended until we have said so.
    void this.say(this.wordSeq, true).catch(() => undefined);
    throw new BusError(
      'clock',
      `this machine's clock is ${off} ms off the broker's: nothing is appended until it is set`,
    );
  }
}

/** How far the clock of this machine and the broker's are apart at least. */
const clockOff = (stampMs: number, before: number, after: number): number =>
  stampMs < before ? stampMs - before : Math.max(0, stampMs - after);
