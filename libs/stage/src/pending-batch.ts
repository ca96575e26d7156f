import { isEnding, type TollgateEvent } from '@tollgate/events';
import { encodeBatch, type Position } from '@tollgate/journal';
import type { StageObserver } from './observer.js';
import type { DecisionSpans } from './tracing.js';

/** What was decided since the last append, and how far that has taken the stage through its inputs. */
export class PendingBatch {
  readonly events: TollgateEvent[] = [];
  readonly positions = new Map<string, Position>();
  private readonly inputs: { readonly pattern: string; readonly readAt: number }[] = [];
  private readonly spans: DecisionSpans[] = [];
  private readonly ack = Promise.withResolvers<void>();
  readonly whenAcknowledged = this.ack.promise;
  /** Size of the events as JSON, in bytes. */
  size = 0;

  add(event: TollgateEvent): void {
    this.events.push(event);
    this.size += Buffer.byteLength(JSON.stringify(event));
  }

  /** An input that decided something: its latency and its spans end with the append. */
  from(pattern: string, readAt: number | undefined, spans: DecisionSpans | undefined): void {
    if (readAt !== undefined) this.inputs.push({ pattern, readAt });
    if (spans !== undefined) this.spans.push(spans);
  }

  passed(source: string, position: Position): void {
    this.positions.set(source, position);
  }

  get hasEvents(): boolean {
    return this.events.length > 0;
  }

  get hasPositions(): boolean {
    return this.positions.size > 0;
  }

  /** It says what of the journal is still needed, so it must bear every position (rule 15). */
  get isKept(): boolean {
    return this.events.some(({ type }) => type === 'journal-kept');
  }

  encode(epoch: string, positions: ReadonlyMap<string, Position>): Uint8Array {
    return encodeBatch({ epoch, positions: Object.fromEntries(positions), events: this.events });
  }

  acknowledged(observer: StageObserver, partition: number, monotonic: number): void {
    this.ack.resolve();
    for (const span of this.spans) span.end();
    observer.appended(this.events.length, partition);
    for (const { pattern, readAt } of this.inputs) observer.latency(monotonic - readAt, pattern);
    for (const event of this.events) {
      // `resolved` says how a call ended that was counted when it became in-doubt.
      if (isEnding(event) && event.type !== 'resolved')
        observer.decided(event.data.outcome.decision, event.data.outcome.reason);
      if ('reply' in event.data && event.data.reply !== undefined)
        observer.answered(event.type === 'command-refused' ? event.data.why : event.type);
    }
  }

  abandoned(why: string): void {
    for (const span of this.spans) span.end(why);
  }
}
