import { BusError, type StoredMessage } from '@tollgate/journal';
import type { SimBroker } from './sim-broker.js';

/** What a reader has read last. With a new consumer it looks first whether its stream still has that, as the product's reader does. */
export class LastRead {
  private last: StoredMessage | undefined;
  private sure = true;

  constructor(
    private readonly broker: SimBroker,
    private readonly stream: string,
    private readonly after: number,
  ) {}

  /** The reader has got a new consumer; answers behind which sequence the broker lets it begin. */
  anew(): number {
    this.sure = false;
    return Math.min(this.last?.seq ?? this.after, this.broker.range(this.stream).last);
  }

  /** Throws when the stream is not the one any more that was read. */
  look(): void {
    if (!this.sure && !this.isAsItWas()) {
      throw new BusError('unavailable', `${this.stream} is not the one that was read`);
    }
    this.sure = true;
  }

  /** Whether a message is passed on. */
  takes(message: StoredMessage): boolean {
    this.look();
    if (message.seq <= (this.last?.seq ?? this.after)) return false;
    this.last = message;
    return true;
  }

  private isAsItWas(): boolean {
    const { broker, stream, last, after } = this;
    return last === undefined ? after === 0 : broker.message(stream, last.seq) === last;
  }
}
