import { finish, NO_TENANT, ownerChanged, type TollgateEvent } from '@tollgate/events';
import { decodeBatch, type Batch, type Position, type StoredMessage } from '@tollgate/journal';
import { CLOCK_BOUND_MS } from './ownership.js';
import type { Folded } from './snapshots.js';
import type { StageDefinition } from './stage-definition.js';
import { aboveAllWatermarks } from './watermark.js';

/** A stage's own journal, folded: its state and everything a new owner needs to go on (rule 3). */
export class OwnJournal<S> implements Folded<S> {
  state: S;
  /** Sequence of the last batch folded; the next append expects it. */
  seq = 0;
  epoch = '';
  lastId = 0;
  lastAt = 0;
  readonly positions = new Map<string, Position>();
  /** Events folded since the last snapshot that is known of. */
  sinceSnapshot = 0;

  constructor(private readonly definition: StageDefinition<S>) {
    this.state = definition.initial();
  }

  /** Goes on from a snapshot. */
  restore({ state, seq, epoch, lastId, lastAt, positions }: Folded<S>): void {
    Object.assign(this, { state, seq, epoch, lastId, lastAt });
    this.passed(positions);
  }

  /** What an append says of the sources, before it says it. */
  passed(positions: Iterable<readonly [string, Position]>): void {
    for (const [source, position] of positions) this.positions.set(source, position);
  }

  /** Folds a batch as the broker keeps it. A batch that cannot be read stops the stage: that is a deployment (rule 14). */
  foldStored(message: StoredMessage): void {
    const { epoch } = this;
    this.fold(decodeBatch(message.data));
    this.seq = message.seq;
    if (epoch !== this.epoch) this.idsAbove(aboveAllWatermarks(message.stampMs, CLOCK_BOUND_MS));
  }

  /** The next event's id is above this one. */
  idsAbove(id: number): void {
    this.lastId = Math.max(this.lastId, id);
  }

  private fold(batch: Batch): void {
    if (batch.epoch !== this.epoch) this.newEpoch(batch);
    for (const event of batch.events) this.evolve(event);
    this.passed(Object.entries(batch.positions));
  }

  /** Where the batch that said so has been purged, the state hears of the owner all the same. */
  private newEpoch({ epoch, events }: Batch): void {
    this.epoch = epoch;
    if (events[0]?.type === 'owner-changed') return;
    this.state = this.definition.evolve(this.state, finish(ownerChanged.draft(NO_TENANT, { owner: '', epoch }), 0, 0));
  }

  evolve(event: TollgateEvent): void {
    this.state = this.definition.evolve(this.state, event);
    this.lastId = Math.max(this.lastId, event.id);
    this.lastAt = Math.max(this.lastAt, event.at);
    this.sinceSnapshot += 1;
  }
}
