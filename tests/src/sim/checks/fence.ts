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
  const began = new Map<string, number>();
  for (const { event, epoch, order } of record.entries) if (event.type === 'owner-changed') began.set(epoch, order);
  return (stream, seq, { epoch }) =>
    chaos.unnoticed.some(
      (loss) => loss.stream === stream && seq > loss.last && (began.get(epoch) ?? Infinity) < loss.order,
    );
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
