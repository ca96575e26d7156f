import { BusError, pause, type MessageBus } from '@tollgate/journal';
import type { BusBench } from './bus-bench.js';

export const WAIT_MS = 5_000;
export const SHORT_MS = 300;
/** Until a client library has noticed that its consumer is gone. */
export const GONE_MS = 20_000;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** The code of what a promise is rejected with; undefined when it is not. */
export const refusal = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof BusError ? error.code : String(error)),
  );

/** What each test of a contract has: a broker for all of them, and a stream and a connection of its own. */
export class BusTest {
  bench!: BusBench;
  bus!: MessageBus;
  stream!: string;
  private streams = 0;

  /** To be made within a `describe`. */
  constructor(open: () => Promise<BusBench>) {
    beforeAll(async () => {
      this.bench = await open();
    }, 30_000);
    afterAll(() => this.bench.close());
    beforeEach(async () => {
      this.stream = await this.bench.makeStream(`s${++this.streams}`);
      this.bus = await this.bench.connect();
    });
    afterEach(() => this.bus.close());
  }

  subject(name: string): string {
    return `s${this.streams}.${name}`;
  }

  /** Where no stream listens. */
  plain(name: string): string {
    return `plain.${this.subject(name)}`;
  }

  put(name: string, body: string, expect = {}): Promise<number> {
    return this.bus.append(this.subject(name), bytes(body), expect);
  }

  async eventually(holds: () => boolean | Promise<boolean>, withinMs = WAIT_MS): Promise<void> {
    const until = this.bench.clock.now() + withinMs;
    while (!(await holds())) {
      if (this.bench.clock.now() > until) throw new Error('did not happen in time');
      await pause(this.bench.clock, 5);
    }
  }

  async reading(after: number, only?: string): Promise<{ seen: string[]; stop(): Promise<void> }> {
    const seen: string[] = [];
    const reader = await this.bus.read({
      stream: this.stream,
      ...(only === undefined ? {} : { subject: this.subject(only) }),
      after,
      onMessage: ({ seq, data }) => seen.push(`${seq}:${text(data)}`),
    });
    return { seen, stop: () => reader.stop() };
  }
}
