import { pause, type Clock, type MessageBus, type Reader, type StoredMessage } from '@tollgate/journal';
import { verifyPosition } from '../reading/lost-position.js';
import { markOf } from '../reading/source-position.js';
import type { Source } from '../reading/source.js';

/** A message on its way into a projection. */
export interface Incoming {
  readonly source: Source;
  readonly message: StoredMessage;
}

/** Behind which message of a source reading goes on. */
export interface ReadUpTo {
  /** 0 where nothing has been read. */
  readonly seq: number;
  /** Of the message there, where it has been read. */
  readonly mark?: () => string;
}

const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MAX_SLICE = 500;
const MAX_SLICE_BYTES = 4 * 1024 * 1024;

/**
 * Reads several sources at once into a bounded queue. When the queue is full the readers are closed, and opened again
 * behind what it holds once it is empty: the broker keeps the rest.
 */
export class Intake {
  private queue: Incoming[] = [];
  private bytes = 0;
  private readers: Reader[] = [];
  /** Grows with every closing: what a closed reader still delivers is not taken, or there would be a gap behind it. */
  private generation = 0;
  private reading = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private readonly last: Map<string, ReadUpTo>;

  constructor(
    private readonly bus: MessageBus,
    private readonly clock: Clock,
    private readonly sources: readonly Source[],
    /** By source name. */
    after: ReadonlyMap<string, ReadUpTo>,
    /** Whatever else must be in the streams; looked at once there are readers. */
    private readonly alsoVerify: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.last = new Map(after);
  }

  /** Throws {@link LostPositionError} where a stream does not go on behind what was read of it. */
  async open(): Promise<void> {
    this.reading = true;
    const { generation } = this;
    const from = new Map(this.last);
    for (const source of this.sources) {
      const reader = await this.openOne(source);
      if (generation === this.generation) this.readers.push(reader);
      else await reader.stop().catch(() => undefined);
      // The queue is full already: all are closed, and opened again later.
      if (generation !== this.generation) break;
    }
    // Not before there are readers: what becomes of the streams from here on ends those.
    await Promise.all(this.sources.map(({ name, stream }) => this.verify(stream, from.get(name))));
    await this.alsoVerify();
  }

  async close(): Promise<void> {
    this.reading = false;
    this.generation += 1;
    const readers = this.readers;
    this.readers = [];
    await Promise.all(readers.map((reader) => reader.stop().catch(() => undefined)));
  }

  /** Ends a wait in {@link take} at once. */
  interrupt(): void {
    this.wake?.();
  }

  /** What has come, up to the bounds of a slice; waits for it no longer than `idleMs`, then it is empty. Throws what a reader ended with. */
  async take(idleMs: number, lingerMs: number): Promise<readonly Incoming[]> {
    if (this.queue.length === 0) await this.resumed();
    if (this.queue.length === 0) await this.arrival(idleMs);
    if (this.queue.length > 0 && this.queue.length < MAX_SLICE && lingerMs > 0) await pause(this.clock, lingerMs);
    if (this.failure !== undefined) throw this.failure;
    return this.cut();
  }

  private async resumed(): Promise<void> {
    if (!this.reading) await this.open();
  }

  private async verify(stream: string, { seq, mark }: ReadUpTo = { seq: 0 }): Promise<void> {
    if (mark !== undefined) await verifyPosition(this.bus, stream, { seq, mark: mark() });
  }

  private openOne(source: Source): Promise<Reader> {
    const { generation } = this;
    return this.bus.read({
      stream: source.stream,
      after: this.last.get(source.name)?.seq ?? 0,
      onMessage: (message) => {
        if (generation === this.generation) this.accept(source, message);
      },
      onError: (error) => {
        this.fail(error);
      },
    });
  }

  private accept(source: Source, message: StoredMessage): void {
    this.last.set(source.name, { seq: message.seq, mark: () => markOf(message.data) });
    this.queue.push({ source, message });
    this.bytes += message.data.length;
    if (this.queue.length >= MAX_WAITING || this.bytes >= MAX_WAITING_BYTES) void this.close();
    this.wake?.();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.wake?.();
  }

  private arrival(idleMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.wake = undefined;
        resolve();
      };
      const cancel = this.clock.after(idleMs, done);
      this.wake = done;
      if (this.failure !== undefined) done();
    });
  }

  private cut(): readonly Incoming[] {
    let [count, size] = [0, 0];
    for (const { message } of this.queue) {
      if (count > 0 && (count >= MAX_SLICE || size + message.data.length > MAX_SLICE_BYTES)) break;
      count += 1;
      size += message.data.length;
    }
    this.bytes -= size;
    return this.queue.splice(0, count);
  }
}
