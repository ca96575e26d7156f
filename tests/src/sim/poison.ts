import type { JournalName, TollgateEvent } from '@tollgate/events';
import { callsStream, journalStream, type StoredMessage } from '@tollgate/journal';
import type { Decide } from '@tollgate/stage';
import type { StageName } from './sim-stage.js';

/** How an event is poison to one stage: it cannot read what another release wrote, or its decision throws. */
export type PoisonKind = 'undecodable' | 'unknown_type' | 'decision_failed';

/** The next event of a type is poison to a stage that reads it. */
export interface PoisonWish {
  readonly reader: StageName;
  readonly partition: number;
  readonly type: TollgateEvent['type'];
  readonly kind: PoisonKind;
}

export interface Poisoned extends PoisonWish {
  readonly stream: string;
  readonly seq: number;
  readonly index: number;
  readonly callId: string;
}

/** What each stage is given calls by: parked, they end there (rule 14). */
export const TAKEN_ON: Record<StageName, TollgateEvent['type']> = {
  policy: 'requested',
  lease: 'policy-passed',
  budget: 'lease-acquired',
  dispatch: 'budget-reserved',
};

const READS: Record<StageName, readonly (JournalName | 'calls')[]> = {
  policy: ['calls'],
  lease: ['policy', 'budget', 'dispatch'],
  budget: ['lease', 'dispatch'],
  dispatch: ['budget'],
};

/** Events that one stage cannot take, though all others can. */
export class Poison {
  readonly found: Poisoned[] = [];
  private wishes: PoisonWish[] = [];
  /** By who reads it: others read something else in it, or everything. */
  private readonly spoilt = new Map<StoredMessage, Map<StageName, StoredMessage>>();

  wish(wish: PoisonWish): void {
    this.wishes.push(wish);
  }

  /** An event has been stored: perhaps it is one that was wished for. */
  stored(stream: string, seq: number, index: number, { type, data }: Pick<TollgateEvent, 'type' | 'data'>): void {
    if (this.wishes.length === 0) return;
    const wish = this.wishes.find(
      (one) => one.type === type && READS[one.reader].some((source) => streamOf(source, one.partition) === stream),
    );
    const { callId } = (data as { call?: { callId: string } }).call ?? {};
    if (wish === undefined || callId === undefined) return;
    this.wishes = this.wishes.filter((one) => one !== wish);
    this.found.push({ ...wish, stream, seq, index, callId });
  }

  /** A message as a stage reads it. */
  seenBy(reader: StageName, stream: string, message: StoredMessage): StoredMessage {
    if (this.found.length === 0) return message;
    const here = this.found.filter(
      (one) =>
        one.reader === reader && one.stream === stream && one.seq === message.seq && one.kind !== 'decision_failed',
    );
    if (here.length === 0) return message;
    const bySome = this.spoilt.get(message) ?? new Map<StageName, StoredMessage>();
    const known = bySome.get(reader);
    if (known !== undefined) return known;
    const spoilt = { ...message, data: spoil(message.data, here) };
    this.spoilt.set(message, bySome.set(reader, spoilt));
    return spoilt;
  }

  /** The decisions of a stage, of which those throw that are to. */
  decisions(reader: StageName, decide: Decide<never>): Decide<never> {
    return (pattern, input, turn) => {
      const { place } = turn;
      const throws = this.found.some(
        (one) =>
          one.kind === 'decision_failed' &&
          one.reader === reader &&
          one.stream === place?.stream &&
          one.seq === place.seq &&
          one.index === place.index,
      );
      if (throws) throw new Error('poison');
      return decide(pattern, input, turn);
    };
  }
}

const streamOf = (source: JournalName | 'calls', partition: number): string =>
  source === 'calls' ? callsStream(partition) : journalStream(source, partition);

function spoil(data: Uint8Array, places: readonly Poisoned[]): Uint8Array {
  const batch = JSON.parse(new TextDecoder().decode(data)) as { events: unknown[] };
  for (const { index, kind } of places) {
    const event = batch.events[index] as { type: string; data: { call: unknown } };
    batch.events[index] =
      kind === 'unknown_type'
        ? { ...event, type: 'of-a-newer-release' }
        : { ...event, data: { call: event.data.call } };
  }
  return new TextEncoder().encode(JSON.stringify(batch));
}
