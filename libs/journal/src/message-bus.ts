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
}

/** The broker as stages use it: the port that a simulation puts something else behind. */
export interface MessageBus {
  readonly closed: Promise<void | Error>;
  append(subject: string, body: Uint8Array, expect?: Expectation, timeoutMs?: number): Promise<number>;
  rangeOf(stream: string): Promise<{ first: number; last: number }>;
  endOf(stream: string): Promise<number>;
  endOfSubject(stream: string, subject: string): Promise<number>;
  message(stream: string, seq: number): Promise<StoredMessage | undefined>;
  lastOf(stream: string, subject: string): Promise<StoredMessage | undefined>;
  say(subject: string, body: Uint8Array): void;
  close(): Promise<void>;
}
