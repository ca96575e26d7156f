import { isEnding, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import { decodeBatch, DECISIONS_STREAM, JOURNALS, journalStream } from '@tollgate/journal';
import { outcomeKey } from '@tollgate/store';
import type { AuditAround, SimAudit } from './sim-audit.js';

/** What the projections must say once everything is quiet. */
export function projectionTroubles(around: AuditAround, audits: readonly SimAudit[]): string[] {
  const events = journaled(around);
  const endings = events.filter(isEnding);
  return [
    ...audits.flatMap(stopped),
    ...compared(
      'Postgres',
      around.postgres.events,
      events.map(({ id }) => id),
    ),
    ...compared(
      'DECISIONS',
      published(around),
      endings.map(({ id }) => id),
    ),
    ...missingInRedis(around, endings),
  ];
}

/** Whether the record has caught up with the journals. */
export const isProjected = (around: AuditAround): boolean => projectionTroubles(around, []).length === 0;

const stopped = ({ process, lanes }: SimAudit): string[] =>
  lanes.filter(({ state }) => state === 'stopped').map(({ projection }) => `${projection} of ${process.name} stopped`);

function journaled({ broker, partitions }: AuditAround): TollgateEvent[] {
  const streams = Array.from({ length: partitions }, (_, p) => JOURNALS.map((journal) => journalStream(journal, p)));
  return streams.flat().flatMap((stream) => broker.all(stream).flatMap(({ data }) => decodeBatch(data).events));
}

const published = ({ broker }: AuditAround): number[] =>
  broker
    .all(DECISIONS_STREAM)
    .map(({ data }) => Number((JSON.parse(new TextDecoder().decode(data)) as { id: string }).id));

/** Each once, nothing else. */
function compared(where: string, there: readonly number[], wanted: readonly number[]): string[] {
  const times = new Map<number, number>();
  for (const id of there) times.set(id, (times.get(id) ?? 0) + 1);
  const expected = new Set(wanted);
  const missing = wanted.filter((id) => !times.has(id));
  const strange = [...times].filter(([id, count]) => count > 1 || !expected.has(id));
  return [
    ...(missing.length > 0 ? [`${where} misses ${missing.length} of ${wanted.length} events`] : []),
    ...strange.map(
      ([id, count]) => `${where} has event ${id} ${count} times, the journals ${expected.has(id) ? 1 : 0}`,
    ),
  ];
}

/** Runs are shorter than the hour that outcomes are kept. */
const missingInRedis = ({ redis }: AuditAround, endings: readonly EndingEvent[]): string[] =>
  endings
    .filter(({ tenant, data }) => redis.get(outcomeKey(tenant, data.call.callId)) === null)
    .map(({ data }) => `Redis does not know how ${data.call.callId} ended`);
