import type { TollgateEvent } from '@tollgate/events';
import { decodeBatch, type Batch, type Position, type StoredMessage } from '@tollgate/journal';
import type { StageDefinition } from './stage-definition.js';

/** A stage's own journal, folded: its state and everything a new owner needs to go on (rule 3). */
export class OwnJournal<S> {
  state: S;
  /** Sequence of the last batch folded; the next append expects it. */
  seq = 0;
  epoch = '';
  lastId = 0;
  lastAt = 0;
  readonly positions = new Map<string, Position>();

  constructor(private readonly definition: StageDefinition<S>) {
    this.state = definition.initial();
  }

  /** Folds a batch as the broker keeps it. A batch that cannot be read stops the stage: that is a deployment (rule 14). */
  foldStored(message: StoredMessage): void {
    this.fold(decodeBatch(message.data));
    this.seq = message.seq;
  }

  private fold(batch: Batch): void {
    this.epoch = batch.epoch;
    for (const event of batch.events) this.evolve(event);
    for (const [source, position] of Object.entries(batch.positions)) this.positions.set(source, position);
  }

  evolve(event: TollgateEvent): void {
    this.state = this.definition.evolve(this.state, event);
    this.lastId = Math.max(this.lastId, event.id);
    this.lastAt = Math.max(this.lastAt, event.at);
  }
}
