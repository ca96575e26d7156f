import type { Connection } from './connection.js';

/** So many lie idle in all; above it the longest idle one is closed. */
const MOST_IDLE = 512;

/** Connections that wait for another request to their origin; each is closed when it can no longer be used safely. */
export class IdleConnections {
  readonly #expiry = new Map<Connection, NodeJS.Timeout>();
  readonly #byOrigin = new Map<string, Connection[]>();

  /** The one used last, which has the longest to live. */
  take(origin: string): Connection | undefined {
    for (let found = this.#last(origin); found !== undefined; found = this.#last(origin)) {
      this.drop(found);
      if (found.reusable) return found;
      found.close();
    }
    return undefined;
  }

  put(connection: Connection): void {
    const expiry = setTimeout(() => connection.close(), Math.max(1, connection.msToReuse));
    this.#expiry.set(connection, expiry.unref());
    const siblings = this.#byOrigin.get(connection.origin);
    if (siblings === undefined) this.#byOrigin.set(connection.origin, [connection]);
    else siblings.push(connection);
    if (this.#expiry.size > MOST_IDLE) this.#expiry.keys().next().value?.close();
  }

  /** Taken, or closed by either side. */
  drop(connection: Connection): void {
    if (!this.#expiry.has(connection)) return;
    clearTimeout(this.#expiry.get(connection));
    this.#expiry.delete(connection);
    const siblings = this.#byOrigin.get(connection.origin) ?? [];
    siblings.splice(siblings.lastIndexOf(connection), 1);
    if (siblings.length === 0) this.#byOrigin.delete(connection.origin);
  }

  #last(origin: string): Connection | undefined {
    return this.#byOrigin.get(origin)?.at(-1);
  }
}
