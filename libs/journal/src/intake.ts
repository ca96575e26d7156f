import { BusError } from './bus-error.js';
import type { ReadOptions, StoredMessage } from './message-bus.js';

export interface IntakeOptions extends Pick<ReadOptions, 'stream' | 'after' | 'onMessage'> {
  /** Looks a message of the stream up. */
  readonly look: (seq: number) => Promise<Pick<StoredMessage, 'subject' | 'stampMs'> | undefined>;
  /** The reader must end. */
  readonly fail: (error: BusError) => void;
}

/** What follows was delivered by another consumer. */
const ANOTHER = 'another';
/** Each waits for an answer for some seconds. */
const MOST_LOOKS = 5;

/**
 * What a consumer delivers, in order. When the broker lost the consumer, another one is made behind the last message.
 * Where the stream was made anew or lost its tail, what was stored there since would be passed over: so it is looked
 * first whether the last message is still there (rule 3).
 */
export class Intake {
  private last: StoredMessage | undefined;
  /** What came while the last message is looked at, and where yet another consumer began. */
  private held: (StoredMessage | typeof ANOTHER)[] | undefined;

  constructor(
    private readonly options: IntakeOptions,
    private consumer: string,
  ) {}

  /** Sequence of the last message that was passed on. */
  get seq(): number {
    return this.last?.seq ?? this.options.after;
  }

  take(message: StoredMessage, consumer: string): void {
    this.deliveredBy(consumer);
    if (this.held === undefined) this.pass(message);
    else this.held.push(message);
  }

  /** Messages come from this consumer from now on. */
  deliveredBy(consumer: string): void {
    if (this.consumer === consumer) return;
    this.consumer = consumer;
    if (this.held === undefined) this.lookAgain([]);
    else this.held.push(ANOTHER);
  }

  private lookAgain(held: (StoredMessage | typeof ANOTHER)[], looks = 1): void {
    this.held = held;
    this.isAsItWas().then(
      (same) => {
        if (same) this.passHeld(held);
        else this.fail('it is not the one that was read');
      },
      (cause: unknown) => {
        // A connection that broke once may well break again.
        if (looks < MOST_LOOKS) this.lookAgain(held, looks + 1);
        else this.fail('it cannot be read', cause);
      },
    );
  }

  private passHeld(held: (StoredMessage | typeof ANOTHER)[]): void {
    this.held = undefined;
    for (let next = held.shift(); next !== undefined; next = held.shift()) {
      if (next === ANOTHER) {
        this.lookAgain(held);
        return;
      }
      this.pass(next);
    }
  }

  private async isAsItWas(): Promise<boolean> {
    const { last, options } = this;
    if (last === undefined) return options.after === 0;
    const stored = await options.look(last.seq);
    return stored?.subject === last.subject && stored.stampMs === last.stampMs;
  }

  private pass(message: StoredMessage): void {
    // A consumer that was made anew may deliver the last message again, or begin where a shorter stream ends.
    if (message.seq <= this.seq) return;
    this.last = message;
    this.options.onMessage(message);
  }

  private fail(why: string, cause?: unknown): void {
    this.options.fail(new BusError('unavailable', `stream ${this.options.stream} is read anew: ${why}`, { cause }));
  }
}
