import { decodeEvent, decodeJson, EventDecodeError, type TollgateEvent } from '@tollgate/events';
import { BusError } from './bus-error.js';
import { systemClock, type Clock } from './clock.js';
import { emptyConfig, foldConfig, type ConfigState } from './config-fold.js';
import type { MessageBus, Reader, StoredMessage } from './message-bus.js';
import { CONFIG_STREAM } from './names.js';

interface Waiting {
  readonly seq: number;
  readonly resolve: () => void;
}

/** What is configured, as of now: folds CONFIG and follows it. */
export class ConfigReader {
  readonly state: ConfigState = emptyConfig();
  private reader: Reader | undefined;
  private waiting: Waiting[] = [];

  private constructor(
    private readonly bus: MessageBus,
    private readonly clock: Clock,
    private readonly onChange?: (event: TollgateEvent, seq: number) => void,
  ) {}

  /** Opens the reader and reads CONFIG to its end. Throws {@link BusError}. */
  static async open(
    bus: MessageBus,
    onChange?: (event: TollgateEvent, seq: number) => void,
    onError?: (error: Error) => void,
    clock: Clock = systemClock,
  ): Promise<ConfigReader> {
    const config = new ConfigReader(bus, clock, onChange);
    config.reader = await bus.read({
      stream: CONFIG_STREAM,
      after: 0,
      onMessage: (message) => config.fold(message),
      ...(onError === undefined ? {} : { onError }),
    });
    const { first, last } = await bus.rangeOf(CONFIG_STREAM);
    if (first > 1) {
      await config.stop();
      throw new BusError('lost', `${CONFIG_STREAM} begins at ${first} and ends at ${last}: nobody purges it`);
    }
    await config.readToEnd();
    return config;
  }

  /** Asks where CONFIG ends now, and waits until everything up to there is folded (rule 12). */
  async readToEnd(timeoutMs = 5_000): Promise<void> {
    await this.reached(await this.bus.endOf(CONFIG_STREAM), timeoutMs);
  }

  async reached(seq: number, timeoutMs = 5_000): Promise<void> {
    if (this.state.seq >= seq) return;
    await new Promise<void>((resolve, reject) => {
      const cancel = this.clock.after(timeoutMs, () => {
        reject(new BusError('unavailable', 'CONFIG cannot be read to its end'));
      });
      this.waiting.push({
        seq,
        resolve: () => {
          cancel();
          resolve();
        },
      });
    });
  }

  async stop(): Promise<void> {
    await this.reader?.stop();
  }

  private fold(message: StoredMessage): void {
    const event = readConfigEvent(message);
    if (event === undefined) this.state.seq = message.seq;
    else {
      foldConfig(this.state, message.seq, event);
      this.onChange?.(event, message.seq);
    }
    const reached = this.waiting.filter((one) => one.seq <= message.seq);
    this.waiting = this.waiting.filter((one) => one.seq > message.seq);
    for (const one of reached) one.resolve();
  }
}

/** Undefined for what cannot be decoded: only gateways and the installation's own commands write CONFIG. */
function readConfigEvent(message: StoredMessage): TollgateEvent | undefined {
  try {
    return decodeEvent(decodeJson(message.data));
  } catch (error) {
    if (error instanceof EventDecodeError && error.code !== 'unknown_version') return undefined;
    throw error;
  }
}
