import { BusError, MARK_HEADER, MESSAGE_ID_HEADER, type Expectation, type StoredMessage } from '@tollgate/journal';
import type { World } from './world.js';

/** What a reader's consumer is to the broker. */
interface Follower {
  take(message: StoredMessage): void;
  /** The consumer is gone, together with what its stream was. */
  gone(): void;
}

interface SimStream {
  /** From sequence 1 on; undefined where a message was purged. */
  readonly messages: (StoredMessage | undefined)[];
  first: number;
  /** What was purged, for those who check. */
  readonly purged: StoredMessage[];
  readonly followers: Set<Follower>;
  /** How often it came back as another one than it was. */
  lives: number;
}

type Listener = (body: Uint8Array, answer: (body: Uint8Array) => void) => void;

/** JetStream as far as Tollgate leans on it: streams in one order, expectations checked when a message is stored. */
export class SimBroker {
  private readonly streams = new Map<string, SimStream>();
  private readonly streamOfSubject: (subject: string) => string;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly headers = new WeakMap<StoredMessage, Readonly<Record<string, string>>>();
  /** Seen by checks; called for every message that is stored. */
  onStored: (stream: string, message: StoredMessage) => void = () => undefined;

  constructor(
    private readonly world: World,
    streamOfSubject: (subject: string) => string,
  ) {
    this.streamOfSubject = streamOfSubject;
  }

  /** Stores now, or throws as the broker would refuse. */
  store(
    subject: string,
    data: Uint8Array,
    expect: Expectation,
    headers: Readonly<Record<string, string>> = {},
  ): number {
    const name = this.streamOfSubject(subject);
    const stream = this.stream(name);
    const last = stream.messages.length;
    if (expect.lastSeq !== undefined && expect.lastSeq !== last) throw wrongLast();
    if (expect.lastSubjectSeq !== undefined && expect.lastSubjectSeq !== (this.lastOf(name, subject)?.seq ?? 0)) {
      throw wrongLast();
    }
    if (expect.lastMessageId !== undefined && expect.lastMessageId !== this.headerOf(name, last, MESSAGE_ID_HEADER)) {
      throw wrongLast();
    }
    const mark = headers[MARK_HEADER] ?? '';
    const message = { seq: last + 1, subject, data, stampMs: Math.floor(this.world.now), mark };
    this.headers.set(message, headers);
    stream.messages.push(message);
    this.onStored(name, message);
    for (const follower of stream.followers) follower.take(message);
    return message.seq;
  }

  range(name: string): { first: number; last: number } {
    const { first, messages } = this.stream(name);
    return { first, last: messages.length };
  }

  message(name: string, seq: number): StoredMessage | undefined {
    return this.stream(name).messages[seq - 1];
  }

  /** Empty where the message bears no such header; undefined where there is no such message. */
  headerOf(name: string, seq: number, header: string): string | undefined {
    const message = this.message(name, seq);
    return message === undefined ? undefined : (this.headers.get(message)?.[header] ?? '');
  }

  lastOf(name: string, subject: string): StoredMessage | undefined {
    return this.stream(name).messages.findLast((message) => message?.subject === subject);
  }

  all(name: string): readonly StoredMessage[] {
    return this.stream(name).messages.filter((message) => message !== undefined);
  }

  /** Also what was purged. */
  ever(name: string): readonly StoredMessage[] {
    return [...this.stream(name).purged, ...this.all(name)].sort((one, other) => one.seq - other.seq);
  }

  /** What lies before a sequence is gone, of one subject or of all. */
  purge(name: string, before: number, subject?: string): void {
    const stream = this.stream(name);
    const { messages } = stream;
    for (let i = stream.first - 1; i < Math.min(before - 1, messages.length); i++) {
      const message = messages[i];
      if (message === undefined || (subject !== undefined && message.subject !== subject)) continue;
      stream.purged.push(message);
      messages[i] = undefined;
    }
    while (stream.first <= messages.length && messages[stream.first - 1] === undefined) stream.first += 1;
  }

  /** The stream comes back with its first messages only: a disk after a power cut, or, with none, a stream made anew. */
  cutBack(name: string, keep: number): void {
    const stream = this.stream(name);
    stream.messages.length = Math.min(keep, stream.messages.length);
    stream.first = Math.min(stream.first, stream.messages.length + 1);
    stream.lives += 1;
    const gone = [...stream.followers];
    stream.followers.clear();
    for (const follower of gone) follower.gone();
  }

  /** What was sent to a stream in another life of it does not arrive. */
  livesOf(subject: string): number {
    return this.stream(this.streamOfSubject(subject)).lives;
  }

  /** Everything behind `after`, now and from now on; the answer ends it. */
  follow(
    name: string,
    after: number,
    each: (message: StoredMessage) => void,
    gone = (): void => undefined,
  ): () => void {
    const stream = this.stream(name);
    const take = (message: StoredMessage): void => {
      if (message.seq > after) each(message);
    };
    const follower = { take, gone };
    for (const message of stream.messages) if (message !== undefined) take(message);
    stream.followers.add(follower);
    return () => stream.followers.delete(follower);
  }

  listen(subject: string, each: Listener): () => void {
    const set = this.listeners.get(subject) ?? new Set();
    this.listeners.set(subject, set.add(each));
    return () => set.delete(each);
  }

  /** A plain message reaches whoever listens now; answers whether anybody does. */
  say(subject: string, body: Uint8Array, answer: (body: Uint8Array) => void = () => undefined): boolean {
    const listeners = [...(this.listeners.get(subject) ?? [])];
    for (const each of listeners) each(body, answer);
    return listeners.length > 0;
  }

  private stream(name: string): SimStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = { messages: [], purged: [], first: 1, followers: new Set(), lives: 1 };
      this.streams.set(name, stream);
    }
    return stream;
  }
}

const wrongLast = (): BusError => new BusError('wrong_last_sequence', 'somebody else appended first');
