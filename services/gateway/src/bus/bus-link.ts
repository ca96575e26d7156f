import { systemClock, type Bus, type Clock } from '@tollgate/journal';
import { unavailable } from '../http/contract-error.js';

/**
 * Whether the connection to NATS stands. The client library would forget what is published without one, or send it later;
 * a gateway buffers nothing (rule 17): whoever asks is told at once.
 */
export class BusLink {
  private downSince: number | undefined;

  constructor(private readonly clock: Clock = systemClock) {}

  static watch(bus: Bus): BusLink {
    const link = new BusLink();
    void link.follow(bus);
    return link;
  }

  mustBeUp(): void {
    if (this.downSince !== undefined) throw unavailable('The journals are out of reach');
  }

  /** Seconds since the connection broke, at least 1; undefined while it stands. */
  downForSec(now: number): number | undefined {
    return this.downSince === undefined ? undefined : Math.max(1, Math.ceil((now - this.downSince) / 1000));
  }

  broken(): void {
    this.downSince ??= this.clock.now();
  }

  restored(): void {
    this.downSince = undefined;
  }

  private async follow(bus: Bus): Promise<void> {
    for await (const { type } of bus.connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection' || type === 'close') this.broken();
      else if (type === 'reconnect') this.restored();
    }
    this.broken();
  }
}
