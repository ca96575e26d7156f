import { finish, nextEventId, NO_TENANT, ownerChanged } from '@tollgate/events';
import { BusError, encodeBatch, journalStream, journalSubject, type MessageBus, type Clock } from '@tollgate/journal';
import type { OwnJournal } from './own-journal.js';
import type { StageDefinition } from './stage-definition.js';

export interface Opening<S> {
  readonly bus: MessageBus;
  readonly definition: StageDefinition<S>;
  readonly partition: number;
  readonly instance: string;
  readonly clock: Clock;
  readonly journal: OwnJournal<S>;
  /** Resolves when the journal has been folded up to a sequence. */
  readonly foldedTo: (seq: number) => Promise<void>;
}

/** An old owner that still appends can win the race for the next sequence a few times, not for ever: it is silent. */
const ATTEMPTS = 5;

/**
 * Folds to the journal's end and appends `owner-changed` there: whatever an old owner has under way is refused from now
 * on, and positions can be told from those of another life of this journal by the new epoch's name (rules 1 and 3).
 * Answers its sequence: whoever finds more than that in the journal has been shut out by the next owner already.
 */
export async function openEpoch<S>(opening: Opening<S>): Promise<number> {
  const { bus, definition, partition, foldedTo } = opening;
  for (let attempt = 1; ; attempt++) {
    await foldedTo(await bus.endOf(journalStream(definition.name, partition)));
    try {
      const seq = await appendOwnerChanged(opening);
      await foldedTo(seq);
      return seq;
    } catch (error) {
      const raced = error instanceof BusError && error.code === 'wrong_last_sequence';
      if (!raced || attempt === ATTEMPTS) throw error;
    }
  }
}

async function appendOwnerChanged<S>({
  bus,
  definition,
  partition,
  instance,
  clock,
  journal,
}: Opening<S>): Promise<number> {
  const epoch = clock.newName();
  const at = Math.max(clock.now(), journal.lastAt);
  const id = nextEventId(journal.lastId, at, definition.name, partition);
  const event = finish(ownerChanged.draft(NO_TENANT, { owner: instance, epoch }), id, at);
  const body = encodeBatch({ epoch, positions: {}, events: [event] });
  return await bus.append(journalSubject(definition.name, partition), body, { lastSeq: journal.seq });
}
