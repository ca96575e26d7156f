import { isCarried } from '@tollgate/events';
import { decodeBatch, JOURNALS, journalStream, type Bus } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import { storedMessages } from './stored-messages.js';

/** Every event of all journals with its place, a line each, sorted; but for what only repeats others (rule 15). */
export async function eventsOfJournals(bus: Bus, partitions: number): Promise<readonly string[]> {
  const streams = JOURNALS.flatMap((journal) =>
    Array.from({ length: partitions }, (_, partition) => ({ journal, partition })),
  );
  const lines = streams.map(async ({ journal, partition }) => {
    const messages = await storedMessages(bus, journalStream(journal, partition));
    return messages.flatMap(({ seq, data }) =>
      decodeBatch(data).events.flatMap((event, index) =>
        isCarried(event) ? [] : [line(journal, partition, seq, index, event.id, event.type)],
      ),
    );
  });
  return (await Promise.all(lines)).flat().sort();
}

/** The rows of the events in Postgres, as the same lines. */
export async function rowsOfEvents(database: AuditDatabase): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('events')
    .select(['journal', 'partition', 'seq', 'idx', 'id', 'type'])
    .execute();
  return rows.map(({ journal, partition, seq, idx, id, type }) => line(journal, partition, seq, idx, id, type)).sort();
}

const line = (...parts: readonly (string | number)[]): string => parts.join(' ');
