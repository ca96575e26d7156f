import type { Clock, MessageBus } from '@tollgate/journal';

/** A broker with one stream for each test, and what may befall it; simulated or real. */
export interface BusBench {
  /** Time as the tests wait: virtual where the broker is simulated. */
  readonly clock: Clock;
  connect(): Promise<MessageBus>;
  /** One that comes back by itself whenever it breaks, as gateways, audit and effects have it. */
  connectForGood(): Promise<MessageBus>;
  /** Such a connection breaks; resolves when its client knows. */
  interrupt(bus: MessageBus): Promise<Interruption>;
  /** A stream of its own that takes `<name>.>`; answers its name. */
  makeStream(name: string): Promise<string>;
  /** The stream comes back with its first messages only, or with none; whoever is connected stays connected. */
  cutBack(stream: string, keep: number): Promise<void>;
  /** The broker is silent for so long that everybody gives up, but forgets nothing; the answer lets it speak again. */
  hush(): () => void;
  /** The connection breaks; the broker stays as it is. */
  sever(bus: MessageBus): Promise<void>;
  close(): Promise<void>;
}

export interface Interruption {
  /** Resolves while the client dials. */
  dials(): Promise<void>;
  /** From now on it comes back. */
  over(): void;
}
