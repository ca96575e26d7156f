import { deserialize, serialize } from 'node:v8';
import { NO_TENANT } from '@tollgate/events';
import {
  BusError,
  readBatch,
  journalStream,
  SNAPSHOTS_STREAM,
  snapshotHeadSubject,
  snapshotSubject,
  type MessageBus,
  type Position,
} from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { Sealer } from '@tollgate/sealing';
import { z } from 'zod';
import type { FaultPoint } from './observer.js';
import type { StageDefinition } from './stage-definition.js';

/** A journal folded up to a sequence: all that a new owner would otherwise fold it for. */
export interface Folded<S> {
  readonly state: S;
  readonly seq: number;
  readonly epoch: string;
  readonly lastId: number;
  readonly lastAt: number;
  readonly positions: ReadonlyMap<string, Position>;
}

const head = z.object({
  version: z.number().int(),
  /** Last batch of the journal that is folded in, and its epoch, by which it is known again. */
  seq: z.number().int(),
  epoch: z.string(),
  /** Where the sealed parts lie. */
  parts: z.array(z.number().int()),
});
type Head = z.output<typeof head>;

export interface SnapshotOptions<S> {
  readonly bus: MessageBus;
  readonly definition: StageDefinition<S>;
  readonly partition: number;
  readonly sealer: Sealer;
  readonly log: Logger;
  readonly fault: FaultPoint;
}

/** Bytes of one message, before they are sealed, which makes them almost twice as many; NATS takes a megabyte. */
const PART_BYTES = 400_000;

/**
 * Snapshots of one stage's partition: what its journal folds to up to a batch, sealed, so that a new owner need not fold
 * it from its beginning. They only save time: one that is missing, of another version, or not of this very journal is
 * passed over, and the journal is folded from its first message.
 */
export class Snapshots<S> {
  private saving = false;

  constructor(private readonly options: SnapshotOptions<S>) {}

  /** Undefined when there is none that fits. */
  async load(): Promise<Folded<S> | undefined> {
    const { log, definition, partition } = this.options;
    try {
      const found = await this.lastHead();
      if (found === undefined || found.version !== definition.keeping.version) return undefined;
      return (await this.isOfJournal(found)) ? await this.read(found) : undefined;
    } catch (error) {
      if (error instanceof BusError) throw error;
      // What is wrong with it may quote the state (G6).
      log.warn('snapshot cannot be read: folds the journal from its beginning', { stage: definition.name, partition });
      return undefined;
    }
  }

  /** What is folded now, as bytes: it may go on changing while they are written. */
  take(folded: Folded<S>): Uint8Array {
    const { state, lastId, lastAt, positions } = folded;
    return serialize({ state, lastId, lastAt, positions });
  }

  /** Writes what was taken, once its last batch is acknowledged at `seq` (rule 2). One that fails is not tried again. */
  async save(bytes: Uint8Array, seq: number, epoch: string): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    try {
      await this.write(bytes, seq, epoch);
    } catch {
      // The next one comes; until then a new owner folds a little more.
    } finally {
      this.saving = false;
    }
  }

  private async write(bytes: Uint8Array, seq: number, epoch: string): Promise<void> {
    const { bus, definition, partition, sealer, fault } = this.options;
    const parts: number[] = [];
    const subject = snapshotSubject(definition.name, partition);
    for (let from = 0; from < bytes.length; from += PART_BYTES) {
      const part = Buffer.from(bytes.subarray(from, from + PART_BYTES)).toString('base64');
      const sealed = JSON.stringify(sealer.seal(part, this.sealedFor(seq, epoch, parts.length)));
      parts.push(await bus.append(subject, new TextEncoder().encode(sealed)));
    }
    await fault(`${definition.name}.snapshot-parts`);
    const body = JSON.stringify({ version: definition.keeping.version, seq, epoch, parts } satisfies Head);
    const headSubject = snapshotHeadSubject(definition.name, partition);
    const at = await bus.append(headSubject, new TextEncoder().encode(body));
    await fault(`${definition.name}.snapshot-head`);
    await bus.purge(SNAPSHOTS_STREAM, parts[0] ?? at, subject);
    await bus.purge(SNAPSHOTS_STREAM, at, headSubject);
  }

  private async lastHead(): Promise<Head | undefined> {
    const { bus, definition, partition } = this.options;
    const message = await bus.lastOf(SNAPSHOTS_STREAM, snapshotHeadSubject(definition.name, partition));
    if (message === undefined) return undefined;
    return head.safeParse(JSON.parse(new TextDecoder().decode(message.data))).data;
  }

  /** Older than the journal's first message, ahead of its last (its tail was lost), or of a journal that was made anew: no. */
  async isOfJournal({ seq, epoch }: Pick<Head, 'seq' | 'epoch'>): Promise<boolean> {
    const { bus, definition, partition } = this.options;
    const message = await bus.message(journalStream(definition.name, partition), seq);
    return message !== undefined && readBatch(message.data).epoch === epoch;
  }

  private async read({ seq, epoch, parts }: Head): Promise<Folded<S> | undefined> {
    const { bus, definition, sealer } = this.options;
    const opened: Buffer[] = [];
    for (const part of parts) {
      const message = await bus.message(SNAPSHOTS_STREAM, part);
      // Another owner has written a newer one meanwhile.
      if (message === undefined) return undefined;
      const sealed: unknown = JSON.parse(new TextDecoder().decode(message.data));
      opened.push(Buffer.from(String(sealer.open(sealed, this.sealedFor(seq, epoch, opened.length))), 'base64'));
    }
    const plain = deserialize(Buffer.concat(opened)) as Omit<Folded<S>, 'seq' | 'epoch'>;
    return { ...plain, state: definition.keeping.revive?.(plain.state) ?? plain.state, seq, epoch };
  }

  private sealedFor(seq: number, epoch: string, part: number): { tenant: string; callId: string } {
    const { definition, partition } = this.options;
    return { tenant: NO_TENANT, callId: `snapshot ${definition.name} ${partition} ${seq} ${epoch} ${part}` };
  }
}
