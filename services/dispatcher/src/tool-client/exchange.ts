import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection } from './connection.js';
import { isSuccess } from './send-result.js';
import type { Reply, ReplyBody } from './reply.js';
import { silenceLimit } from './silence-limit.js';

export interface ToolRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** From the write to the end of the answer. */
  readonly timeoutMs: number;
}

export type Exchanged =
  | { readonly got: 'nothing_sent'; readonly code: 'permit_missed' | 'connect_failed' }
  | { readonly got: 'reply'; readonly reply: Reply }
  | { readonly got: 'lost'; readonly code: 'timeout' | 'connection_lost' };

/**
 * One request and its answer on a connection that stands. `check` is asked in the same turn as the one write of the
 * whole request; when it says no, nothing is written. Afterwards the connection is released or closed by itself.
 */
export function exchange(
  connection: Connection,
  request: ToolRequest,
  check: () => boolean,
  maxResponseBytes: number,
): Promise<Exchanged> {
  const socket = connection.begin();
  if (socket === undefined) return Promise.resolve(nothingSent('connect_failed'));
  return new Promise((resolve, reject) => {
    new Exchange(connection, socket, request, check, maxResponseBytes, resolve, reject).start();
  });
}

const nothingSent = (code: 'permit_missed' | 'connect_failed'): Exchanged => ({ got: 'nothing_sent', code });

class Exchange {
  #http: ClientRequest | undefined;
  #head: IncomingMessage | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** From here on the socket is another exchange's. */
  #over = false;

  constructor(
    private readonly connection: Connection,
    private readonly socket: Socket,
    private readonly request: ToolRequest,
    private readonly check: () => boolean,
    private readonly maxResponseBytes: number,
    private readonly settle: (exchanged: Exchanged) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  start(): void {
    try {
      this.#http = this.#prepare();
    } catch (error) {
      this.#fail(error);
    }
  }

  #prepare(): ClientRequest {
    const { pathname, search, host } = new URL(this.request.url);
    const http = httpRequest({
      method: 'POST',
      path: pathname + search,
      headers: {
        ...this.request.headers,
        host,
        connection: 'keep-alive',
        'accept-encoding': 'identity',
        'content-length': this.request.body.length,
      },
      createConnection: () => this.socket,
    });
    http.once('socket', () => this.#write());
    http.once('response', (head) => this.#read(head));
    http.on('error', () => this.#lose('connection_lost'));
    http.once('close', () => this.#close());
    return http;
  }

  #write(): void {
    this.connection.listenedTo();
    try {
      // A permit that was missed is ours, also where the connection has gone stale meanwhile: it uses up no try.
      if (!this.check()) return this.#give(nothingSent('permit_missed'));
      if (!this.connection.usable) return this.#give(nothingSent('connect_failed'));
    } catch (error) {
      return this.#fail(error);
    }
    this.#timer = setTimeout(() => this.#lookOnceMore(), this.request.timeoutMs);
    this.#http?.end(this.request.body);
    // An error in the same turn is that of the first system call, which took nothing.
    if (this.socket.errored !== null) this.#give(nothingSent('connect_failed'));
  }

  /** After a pause of this process the timer runs before the answers that have arrived are read: read them first. */
  #lookOnceMore(): void {
    setImmediate(() => {
      if (this.#over) return;
      this.#lose('timeout');
      this.socket.destroy();
    });
  }

  #read(head: IncomingMessage): void {
    this.#head = head;
    const wanted = isSuccess(head.statusCode ?? 0);
    if (!wanted) this.#reply('unread');
    head.on('data', (chunk: Buffer) => this.#take(chunk, wanted));
    head.on('error', () => undefined);
    head.once('end', () => this.#reply(Buffer.concat(this.#chunks)));
    head.once('close', () => this.#reply('incomplete'));
  }

  #take(chunk: Buffer, wanted: boolean): void {
    this.#bytes += chunk.length;
    if (wanted) this.#chunks.push(chunk);
    if (this.#bytes <= this.maxResponseBytes) return;
    this.#reply('too_large');
    this.socket.destroy();
  }

  /** The first word counts, as with every promise: a body that ends is complete, one that only closes is not. */
  #reply(body: ReplyBody): void {
    const { statusCode: status = 0, headers = {} } = this.#head ?? {};
    this.settle({ got: 'reply', reply: { status, headers, body } });
  }

  #lose(code: 'timeout' | 'connection_lost'): void {
    if (this.#head === undefined) this.settle({ got: 'lost', code });
    else this.#reply('incomplete');
  }

  /** Without having written anything. */
  #give(exchanged: Exchanged): void {
    this.settle(exchanged);
    this.socket.destroy();
  }

  #fail(error: unknown): void {
    this.reject(error);
    this.socket.destroy();
  }

  /** Node has let go of the socket: closed, or open because both sides want to go on. */
  #close(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#lose('connection_lost');
    const hint = this.#head?.headers['keep-alive'];
    if (this.#head?.complete === true) this.connection.end(silenceLimit(typeof hint === 'string' ? hint : hint?.[0]));
    else this.socket.destroy();
  }
}
