import { isEnding, type EndingEvent } from '@tollgate/events';
import {
  BusError,
  DECISIONS_STREAM,
  decisionSubject,
  MESSAGE_ID_HEADER,
  systemClock,
  type Clock,
  type MessageBus,
} from '@tollgate/journal';
import { PositionMovedError, SinkUnavailableError, type Beginning, type Sink, type Slice } from '../lane/sink.js';
import { verifyPosition } from '../reading/lost-position.js';
import { markOf, type Positions } from '../reading/source-position.js';
import type { Source } from '../reading/source.js';
import { recordedEvents } from '../rows/projected-rows.js';
import type { RecordedEvent } from '../rows/recorded-event.js';
import { cloudEventOf } from './cloud-event.js';
import {
  decodeProgress,
  encodeProgress,
  isBehind,
  partlyOf,
  positionsOf,
  PROGRESS_HEADER,
  reachedBy,
  type Progress,
  type Reached,
} from './decision-progress.js';

/** Kept as long by the stream; what ended before would be gone at once. */
const KEPT_MS = 8 * 24 * 3_600_000;
const IN_FLIGHT = 64;

/** Where decisions are published. */
export interface DecisionTarget {
  readonly stream: string;
  subject(tenant: string, decision: string, agent: string): string;
}

interface Publication {
  readonly ending: RecordedEvent<EndingEvent>;
  readonly progress: Progress;
}

/**
 * The public stream of decisions. Each message says how far it takes the stream and is appended at the expected last
 * sequence only, so that a restart, or two processes at once, publish every ending once and go on exactly behind.
 */
export class DecisionSink implements Sink {
  readonly name = 'decisions';
  readonly lingerMs = 0;
  private end = 0;
  /** From a load to the next: names the messages of this time, the first of which stands behind `loadedAt`. */
  private life = '';
  private loadedAt = 0;
  private sources: readonly Source[] = [];
  private reached: Reached = {};
  /** By the last message there: what holds no decision moves nothing until the next one does. */
  private published: Positions = {};

  constructor(
    private readonly bus: MessageBus,
    private readonly target: DecisionTarget = { stream: DECISIONS_STREAM, subject: decisionSubject },
    private readonly clock: Clock = systemClock,
  ) {}

  beginning(): Beginning {
    return 'first';
  }

  async load(sources: readonly Source[]): Promise<Positions> {
    this.life = this.clock.newName();
    this.end = this.loadedAt = await this.bus.endOf(this.target.stream);
    const published = this.end === 0 ? undefined : await this.progressAt(this.end);
    this.reached = reachedBy(published);
    this.sources = sources;
    return (this.published = positionsOf(published));
  }

  stored(): Positions {
    return this.published;
  }

  /** What was published last lies behind the positions, which are looked at by who asks for them. */
  async verify(): Promise<void> {
    for (const { name, stream } of this.sources) {
      const { seq, mark } = this.reached[name] ?? {};
      if (seq !== undefined && mark !== undefined) await verifyPosition(this.bus, stream, { seq, mark });
    }
  }

  async write({ messages, expected }: Slice): Promise<void> {
    const publications = this.publicationsOf(messages, expected);
    for (let at = 0; at < publications.length; at += IN_FLIGHT) {
      await this.publish(publications.slice(at, at + IN_FLIGHT));
    }
  }

  private publicationsOf(messages: Slice['messages'], expected: Positions): readonly Publication[] {
    const publications: Publication[] = [];
    let done = expected;
    for (const message of messages) {
      const source = message.source.name;
      const mark = markOf(message.bytes);
      for (const recorded of recordedEvents(message)) {
        if (!this.isDue(source, recorded)) continue;
        const { seq, index } = recorded;
        const progress = { done, here: { source, seq, index, mark }, partly: partlyOf(this.reached, done, source) };
        this.reached = { ...this.reached, [source]: { seq, index, mark } };
        publications.push({ ending: { ...recorded, event: recorded.event as EndingEvent }, progress });
      }
      done = { ...done, [source]: { seq: message.seq, mark } };
    }
    return publications;
  }

  private isDue(source: string, { seq, index, event }: RecordedEvent): boolean {
    return isEnding(event) && event.at > this.clock.now() - KEPT_MS && !isBehind(this.reached, source, seq, index);
  }

  /**
   * All at once: the broker takes them in order, and refuses every one behind the first that it refuses. Its sequence alone
   * would not do: where another process had stored its own, the next of ours would find the sequence it expects.
   */
  private async publish(publications: readonly Publication[]): Promise<void> {
    const first = this.end;
    const appends = publications.map((publication, offset) => this.append(publication, first + offset));
    const outcomes = await Promise.allSettled(appends);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw translated(failure.reason);
    this.end = first + publications.length;
    this.published = positionsOf(publications.at(-1)?.progress);
  }

  private append({ ending, progress }: Publication, lastSeq: number): Promise<number> {
    const { tenant, data } = ending.event;
    const subject = this.target.subject(tenant, data.outcome.decision, data.call.agent);
    const body = new TextEncoder().encode(JSON.stringify(cloudEventOf(ending)));
    const expected = lastSeq === this.loadedAt ? { lastSeq } : { lastSeq, lastMessageId: this.idOf(lastSeq) };
    return this.bus.append(subject, body, expected, undefined, {
      [MESSAGE_ID_HEADER]: this.idOf(lastSeq + 1),
      [PROGRESS_HEADER]: encodeProgress(progress),
      'content-type': 'application/cloudevents+json',
    });
  }

  private readonly idOf = (seq: number): string => `${this.life}.${String(seq)}`;

  /** Undefined when the last message is too old to be kept: then nothing that is still due has been published. */
  private async progressAt(seq: number): Promise<Progress | undefined> {
    const text = await this.bus.headerOf(this.target.stream, seq, PROGRESS_HEADER);
    if (text !== undefined) return decodeProgress(text);
    if (await this.isEmpty()) return undefined;
    throw new SinkUnavailableError('the last message of the stream of decisions is gone');
  }

  private async isEmpty(): Promise<boolean> {
    const { first, last } = await this.bus.rangeOf(this.target.stream);
    return first > last;
  }
}

function translated(error: unknown): Error {
  const code = error instanceof BusError ? error.code : undefined;
  // After a lost ack nobody knows what is stored but the stream itself.
  if (code === 'wrong_last_sequence' || code === 'timeout') {
    return new PositionMovedError('the stream of decisions is not where this projection left it');
  }
  return new SinkUnavailableError('the stream of decisions cannot be written', { cause: error });
}
