import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/nats-core';
import { BusError } from './bus-error.js';

/** Of a sequence, or of a message's id. */
const WRONG_LAST = [10070, 10071, 10164];

interface Pending {
  readonly resolve: (seq: number) => void;
  readonly reject: (error: BusError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Publishes with one shared reply subscription, matched by a token: a fifth of the CPU of a request each
 * (`js.publish` takes 59 µs at 32 in flight, this 11 µs).
 */
export class PendingAcks {
  private readonly waiting = new Map<string, Pending>();
  private counter = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly inbox: string,
  ) {
    connection.subscribe(`${inbox}.*`, { callback: (error, message) => (error ? undefined : this.settle(message)) });
    void connection.closed().then(() => this.abandon());
  }

  publish(subject: string, body: Uint8Array, headers: MsgHdrs, timeoutMs: number): Promise<number> {
    const token = (this.counter++).toString(36);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(token);
        reject(new BusError('timeout', 'no acknowledgement in time'));
      }, timeoutMs);
      this.waiting.set(token, { resolve, reject, timer });
      try {
        this.connection.publish(subject, body, { headers, reply: `${this.inbox}.${token}` });
      } catch (cause) {
        this.take(token)?.reject(new BusError('unavailable', 'the connection is closed', { cause }));
      }
    });
  }

  /** The connection is gone: what was under way may or may not be stored. */
  abandon(): void {
    for (const token of [...this.waiting.keys()]) {
      this.take(token)?.reject(new BusError('timeout', 'the connection closed before the acknowledgement'));
    }
  }

  private settle(message: Msg): void {
    const pending = this.take(message.subject.slice(this.inbox.length + 1));
    if (pending === undefined) return;
    if (message.headers?.code === 503) {
      pending.reject(new BusError('unavailable', 'no stream takes this subject'));
      return;
    }
    const ack = message.json<{ seq?: number; error?: { err_code: number; description: string } }>();
    if (ack.error === undefined && ack.seq !== undefined) pending.resolve(ack.seq);
    else if (WRONG_LAST.includes(ack.error?.err_code ?? 0)) {
      pending.reject(new BusError('wrong_last_sequence', 'somebody else appended first'));
    } else pending.reject(new BusError('refused', ack.error?.description ?? 'refused by the broker'));
  }

  private take(token: string): Pending | undefined {
    const pending = this.waiting.get(token);
    if (pending === undefined) return undefined;
    this.waiting.delete(token);
    clearTimeout(pending.timer);
    return pending;
  }
}
