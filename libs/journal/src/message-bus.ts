/** A message as the broker keeps it. */
export interface StoredMessage {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** The broker's time stamp, ms since the epoch. */
  readonly stampMs: number;
  /** The random word of a message in CALLS; empty elsewhere. */
  readonly mark: string;
}

export interface Expectation {
  /** Last sequence of the whole stream: the fence of a journal's one writer. */
  readonly lastSeq?: number;
  /** Last sequence of this subject: concurrent edits of one thing. */
  readonly lastSubjectSeq?: number;
  /** What the last message of the stream bears as {@link MESSAGE_ID_HEADER}: for who sends on before the ack of the one before. */
  readonly lastMessageId?: string;
}

export interface ReadOptions {
  readonly stream: string;
  /** Only this subject; CALLS has one per reader. */
  readonly subject?: string;
  /** Read on behind this sequence; 0 for all. */
  readonly after: number;
  readonly onMessage: (message: StoredMessage) => void;
  /** The reader has stopped for good. */
  readonly onError?: (error: Error) => void;
}

export interface Reader {
  stop(): Promise<void>;
}

/** The broker as services use it: the port that a simulation puts something else behind. */
export interface MessageBus {
  readonly closed: Promise<void | Error>;
  /** Stores a message; answers its sequence once the broker has said so. */
  append(
    subject: string,
    body: Uint8Array,
    expect?: Expectation,
    timeoutMs?: number,
    headers?: Readonly<Record<string, string>>,
  ): Promise<number>;
  rangeOf(stream: string): Promise<{ first: number; last: number }>;
  endOf(stream: string): Promise<number>;
  endOfSubject(stream: string, subject: string): Promise<number>;
  message(stream: string, seq: number): Promise<StoredMessage | undefined>;
  /** One header of a stored message, empty when it has none of this name; undefined when there is no such message. */
  headerOf(stream: string, seq: number, name: string): Promise<string | undefined>;
  lastOf(stream: string, subject: string): Promise<StoredMessage | undefined>;
  /** Removes what lies before a sequence; of one subject only, when it is named. */
  purge(stream: string, before: number, subject?: string): Promise<void>;
  /** Reads a stream in order, without gaps and without acknowledgements. */
  read(options: ReadOptions): Promise<Reader>;
  /** Sends a plain message: not stored, and lost when nobody listens. */
  say(subject: string, body: Uint8Array): void;
  /** Hears plain messages on a subject; the answer ends it. */
  listen(subject: string, hear: (body: Uint8Array) => void): () => void;
  /** Asks a plain question. Throws BusError `unavailable` when nobody answers in time. */
  ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Answers plain questions on a subject; one that is answered undefined is left to somebody else. */
  answer(subject: string, reply: (question: string) => Promise<string | undefined>): void;
  /** Round trip in milliseconds; rejects after `timeoutMs`. */
  ping(timeoutMs: number): Promise<number>;
  close(): Promise<void>;
}
