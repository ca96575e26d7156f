import { journalStream, type Batch } from '@tollgate/journal';
import type { Simulation } from '../simulation.js';

/**
 * Where the broker lost, under a connected owner, what it had acknowledged, and the next owner has filled up what was lost,
 * message for message: the first one's next append expects the sequence that is there, and rule 1 does not shut it out.
 */
export function passesFence({
  record,
  chaos,
}: Simulation): (stream: string, seq: number, { epoch }: Pick<Batch, 'epoch'>) => boolean {
  if (chaos.unnoticed.length === 0) return () => false;
  const owners = new Map<string, { readonly name: string; readonly began: number }>();
  for (const { event, epoch, order } of record.entries)
    if (event.type === 'owner-changed') owners.set(epoch, { name: event.data.owner, began: order });
  return (stream, seq, { epoch }) => {
    const owner = owners.get(epoch);
    return chaos.unnoticed.some(
      ({ stream: lost, last, order, by }) =>
        owner !== undefined &&
        lost === stream &&
        seq > last &&
        owner.began < order &&
        (by === undefined || by.has(owner.name)),
    );
  };
}

/** Journals that two owners have written at once: what follows in them is nobody's promise. */
export function writtenByTwo(simulation: Simulation): ReadonlySet<string> {
  const passes = passesFence(simulation);
  const streams = simulation.record.batches.map(({ journal, partition, seq, batch }) => {
    const stream = journalStream(journal, partition);
    return passes(stream, seq, batch) ? stream : undefined;
  });
  return new Set(streams.filter((stream) => stream !== undefined));
}
