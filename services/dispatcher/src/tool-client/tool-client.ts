import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { AddressRule } from '@tollgate/events';
import { connect, type ConnectFailure } from './connect.js';
import { Connection, type PreparedConnection } from './connection.js';
import { exchange, type ToolRequest } from './exchange.js';
import { IdleConnections } from './idle-connections.js';
import { resultOfReply, type SendResult } from './send-result.js';

export type PrepareResult = { ok: true; connection: PreparedConnection } | { ok: false; code: ConnectFailure };

export interface ToolClientOptions {
  readonly addresses: AddressRule;
  /** What of an answer's body is kept at most. */
  readonly maxResponseBytes: number;
  /** PEM certificates trusted besides Node's own. */
  readonly trustedCertificates?: readonly string[];
}

/** What the dispatcher's work needs of a tool client: the port that a simulation puts its tools behind. */
export type ToolPort = Pick<ToolClient, 'prepareNow' | 'prepare' | 'send'>;

/** A request to a tool, and what a 500 in answer to it means. */
export type SendRequest = ToolRequest & { readonly serverErrorIs: 'failed' | 'unknown' };

/**
 * Talks HTTP/1.1 to tools, one request a connection at a time. Connecting and sending are two steps, because between
 * them the attempt is journaled (design rule 10): after `prepare` nothing has been sent, and `send` writes at once or
 * not at all. No redirects, no proxy from the environment, nothing is repeated.
 */
export class ToolClient {
  readonly #options: ToolClientOptions;
  readonly #secureContext: SecureContext;
  readonly #idle = new IdleConnections();
  readonly #open = new Set<Connection>();
  #closed = false;

  constructor(options: ToolClientOptions) {
    this.#options = options;
    this.#secureContext = trusting(options.trustedCertificates ?? []);
  }

  /** An idle connection to the URL's origin that can still be used safely, if there is one. */
  prepareNow(url: string): PreparedConnection | undefined {
    const connection = this.#idle.take(new URL(url).origin);
    connection?.hold();
    return connection;
  }

  /** A new connection: name, check of its addresses, connect, TLS; `timeoutMs` for all of it. Never throws for a valid URL. */
  async prepare(url: string, timeoutMs: number): Promise<PrepareResult> {
    const target = new URL(url);
    const { addresses } = this.#options;
    const connected = await connect(target, { addresses, secureContext: this.#secureContext }, timeoutMs);
    if (!connected.ok) return connected;
    const connection = new Connection(target.origin, connected.socket, (released) => this.#idle.put(released));
    this.#remember(connection);
    return this.#closed ? { ok: false, code: 'connect_failed' } : { ok: true, connection };
  }

  /**
   * Sends the request on the connection, which is used up by it whatever comes of it. `check` is asked right before the
   * one write of the whole request. Rejects only for what is a bug: a URL of another origin, a header that cannot be
   * written, a `check` that throws; nothing has been sent then.
   */
  async send(prepared: PreparedConnection, request: SendRequest, check: () => boolean): Promise<SendResult> {
    const { maxResponseBytes } = this.#options;
    const connection = this.#own(prepared, request.url);
    const exchanged = await exchange(connection, request, check, maxResponseBytes);
    switch (exchanged.got) {
      case 'nothing_sent':
        return { known: 'not_sent', code: exchanged.code };
      case 'lost':
        return { known: 'unknown', code: exchanged.code, httpStatus: null };
      case 'reply': {
        const { serverErrorIs } = request;
        return resultOfReply(exchanged.reply, { serverErrorIs, maxResponseBytes, nowMs: Date.now() });
      }
    }
  }

  /** Closes every connection; what is still under way ends as lost, so whoever wants its answers waits for them first. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = [...this.#open].map((connection) => new Promise<void>((resolve) => connection.onClosed(resolve)));
    for (const connection of this.#open) connection.close();
    await Promise.all(closed);
  }

  #remember(connection: Connection): void {
    this.#open.add(connection);
    connection.onClosed(() => {
      this.#open.delete(connection);
      this.#idle.drop(connection);
    });
    if (this.#closed) connection.close();
  }

  #own(prepared: PreparedConnection, url: string): Connection {
    if (!(prepared instanceof Connection)) throw new TypeError('this connection was prepared by somebody else');
    if (prepared.origin !== new URL(url).origin) throw new TypeError('this connection leads to another origin');
    return prepared;
  }
}

function trusting(certificates: readonly string[]): SecureContext {
  const ca = certificates.length === 0 ? {} : { ca: [...getCACertificates('default'), ...certificates] };
  return createSecureContext({ ...ca, minVersion: 'TLSv1.2' });
}
