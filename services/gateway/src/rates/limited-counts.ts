import { finish, NO_TENANT, partitionOf, requestsLimited, type LimitedCount } from '@tollgate/events';
import { BusError, limitedSubject, notesStream, type Clock, type MessageBus } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';

const EVERY_MS = 5_000;
const ACK_MS = 3_000;
/** Of one message; the others follow in the next. */
const TENANTS_AT_ONCE = 500;

export interface LimitedCountsParts {
  readonly bus: Pick<MessageBus, 'append' | 'endOfSubject'>;
  /** Of this process: nobody else writes to its subjects. */
  readonly gateway: string;
  readonly partitions: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A message under way: whether it was stored may have to be found out. */
interface Sent {
  readonly body: Uint8Array;
  readonly counts: ReadonlyMap<string, LimitedCount>;
}

/**
 * How many requests this gateway has refused for their rate, put into NOTES every few seconds, from where audit counts
 * them by day. Each message is written behind the one before it on a subject of this process's own, so that one whose
 * acknowledgement was lost is neither counted twice nor left out; what is still here when a process is killed is lost.
 */
export class LimitedCounts {
  private readonly open = new Map<number, Map<string, LimitedCount>>();
  private readonly sent = new Map<number, Sent>();
  private readonly ends = new Map<number, number>();
  private cancel: (() => void) | undefined;
  private flushing: Promise<void> | undefined;

  constructor(private readonly parts: LimitedCountsParts) {}

  /** One request of a tenant was refused, `at` in ms since the epoch. */
  add(tenant: string, at: number): void {
    const partition = partitionOf(tenant, this.parts.partitions);
    const counts = this.open.get(partition) ?? new Map<string, LimitedCount>();
    this.open.set(partition, counts);
    const day = new Date(at).toISOString().slice(0, 10);
    const key = JSON.stringify([tenant, day]);
    counts.set(key, { tenant, day, count: (counts.get(key)?.count ?? 0) + 1 });
    this.cancel ??= this.parts.clock.after(EVERY_MS, () => {
      this.cancel = undefined;
      void this.flush();
    });
  }

  /** Puts everything into NOTES that was counted until now, or tries. */
  async flush(): Promise<void> {
    while (this.flushing !== undefined) await this.flushing;
    this.flushing = this.flushAll().finally(() => (this.flushing = undefined));
    await this.flushing;
  }

  async stop(): Promise<void> {
    this.cancel?.();
    await this.flush();
    this.cancel?.();
  }

  private async flushAll(): Promise<void> {
    for (const partition of [...this.open.keys()]) {
      try {
        while (this.take(partition)) await this.store(partition);
      } catch (error) {
        this.parts.logger.warn('refused requests are not counted yet, will be tried again', { partition }, error);
        this.cancel ??= this.parts.clock.after(EVERY_MS, () => {
          this.cancel = undefined;
          void this.flush();
        });
      }
    }
  }

  /** What is to be sent next; false when there is nothing. */
  private take(partition: number): boolean {
    if (this.sent.has(partition)) return true;
    const open = this.open.get(partition) ?? new Map<string, LimitedCount>();
    if (open.size === 0) return false;
    const counts = new Map([...open].slice(0, TENANTS_AT_ONCE));
    for (const key of counts.keys()) open.delete(key);
    const event = requestsLimited.draft(NO_TENANT, { gateway: this.parts.gateway, counts: [...counts.values()] });
    const body = new TextEncoder().encode(JSON.stringify(finish(event, 0, this.parts.clock.now())));
    this.sent.set(partition, { body, counts });
    return true;
  }

  /** Throws BusError when it is not known whether it is stored: the same message is sent again, at the same place. */
  private async store(partition: number): Promise<void> {
    const sent = this.sent.get(partition);
    if (sent === undefined) return;
    const { bus, gateway } = this.parts;
    const subject = limitedSubject(partition, gateway);
    const before = this.ends.get(partition) ?? 0;
    try {
      this.ends.set(partition, await bus.append(subject, sent.body, { lastSubjectSeq: before }, ACK_MS));
    } catch (error) {
      if (!(error instanceof BusError && error.code === 'wrong_last_sequence')) throw error;
      const end = await bus.endOfSubject(notesStream(partition), subject);
      this.ends.set(partition, end);
      // What stood before may have been purged meanwhile: then it is sent again behind nothing.
      if (end <= before) return;
    }
    this.sent.delete(partition);
  }
}
