import type { Socket } from 'node:net';
import { Stopwatch } from './stopwatch.js';

/** A connection that stands, TLS included, and belongs to the caller until it is sent on or released. */
export interface PreparedConnection {
  readonly origin: string;
  /** Not used after all: back to the idle ones, or closed. */
  release(): void;
}

/** Servers wait longer than this for the first request on a new connection. */
const SILENCE_WHEN_NEW_MS = 5_000;
/** Between taking an idle connection and writing to it lies an append to the journal. */
const RESERVE_MS = 500;
/** Names move to other addresses: even a busy connection is given up at this age. */
const OLDEST_MS = 60_000;

export class Connection implements PreparedConnection {
  readonly origin: string;
  readonly #socket: Socket;
  readonly #onReleased: (connection: Connection) => void;
  readonly #age = new Stopwatch();
  #silence = new Stopwatch();
  #silenceLimitMs = SILENCE_WHEN_NEW_MS;
  #state: 'held' | 'busy' | 'idle' = 'held';

  constructor(origin: string, socket: Socket, onReleased: (connection: Connection) => void) {
    this.origin = origin;
    this.#socket = socket;
    this.#onReleased = onReleased;
    socket.on('error', ignore);
    this.#watch();
  }

  /** Whether a request may still be written: the server has not closed, and is not about to. */
  get usable(): boolean {
    return this.#open && this.#silence.elapsedMs() < this.#silenceLimitMs;
  }

  /** Whether a request decided now can be written in time; it has to pass the journal first. */
  get reusable(): boolean {
    return this.#open && this.#age.elapsedMs() < OLDEST_MS && this.msToReuse > 0;
  }

  /** How long it may lie idle from now on. */
  get msToReuse(): number {
    return this.#silenceLimitMs - RESERVE_MS - this.#silence.elapsedMs();
  }

  onClosed(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  release(): void {
    if (this.#state === 'held') this.#rest();
  }

  /** From idle to a caller. */
  hold(): void {
    this.#state = 'held';
  }

  /** The socket for one exchange; undefined when the connection is in other hands. */
  begin(): Socket | undefined {
    if (this.#state !== 'held') return undefined;
    this.#state = 'busy';
    return this.#socket;
  }

  /** The exchange's own listeners are in place: what arrives from now on is the answer. */
  listenedTo(): void {
    this.#socket.off('data', this.#closeOnUnasked);
  }

  /** The exchange is over and left the connection open: it may serve another request for this long. */
  end(silenceLimitMs: number): void {
    this.#silence = new Stopwatch();
    this.#silenceLimitMs = silenceLimitMs;
    this.#watch();
    this.#rest();
  }

  close(): void {
    this.#socket.destroy();
  }

  get #open(): boolean {
    const { destroyed, readableEnded, writable } = this.#socket;
    return !destroyed && !readableEnded && writable;
  }

  #rest(): void {
    this.#state = 'idle';
    if (this.reusable) this.#onReleased(this);
    else this.close();
  }

  /** Reading on while nothing is expected is what notices a close at once. */
  #watch(): void {
    this.#socket.on('data', this.#closeOnUnasked);
    this.#socket.resume();
  }

  readonly #closeOnUnasked = (): void => this.close();
}

/** A socket without a listener for errors would end the process; every error also closes, and that is looked at. */
const ignore = (): void => undefined;
