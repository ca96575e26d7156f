import { isDeepStrictEqual } from 'node:util';
import { configSource, journalsOf, projectedRows, readMessage, rollupRows, type Source } from '@tollgate/audit';
import { isEnding, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import { DECISIONS_STREAM } from '@tollgate/journal';
import { OUTCOME_TTL_SEC, outcomeKey } from '@tollgate/store';
import type { AuditAround, SimAudit } from './sim-audit.js';
import { DAY_MS } from './scenario.js';
import { SimTables } from './sim-tables.js';
import { taskTroubles } from './task-projection-checks.js';

/** What the projections must say once everything is quiet. */
export function projectionTroubles(around: AuditAround, audits: readonly SimAudit[]): string[] {
  const journals = journalsIn(around).flatMap((source) => messagesOf(around, source));
  const endings = endingsIn(journals.flatMap(({ events }) => events as TollgateEvent[]));
  return [
    ...audits.flatMap(stopped),
    ...tableTroubles(around, journals, endedAgain(endings)),
    ...decisionTroubles(around, endings),
    ...missingInRedis(around, endings),
    ...taskTroubles(
      around,
      journals.flatMap(({ events }) => events as TollgateEvent[]),
    ),
  ];
}

/** Whether the record has caught up with the journals. */
export function isProjected(around: AuditAround): boolean {
  const { broker, postgres } = around;
  const behind = [...journalsIn(around), configSource].some(
    ({ name, stream }) => (postgres.tables?.position(name)?.seq ?? 0) < broker.range(stream).last,
  );
  if (behind) return false;
  return projectionTroubles(around, []).length === 0;
}

const endingsIn = (events: readonly TollgateEvent[]): EndingEvent[] => events.filter(isEnding);

const stopped = ({ process, lanes }: SimAudit): string[] =>
  lanes.filter(({ state }) => state === 'stopped').map(({ projection }) => `${projection} of ${process.name} stopped`);

const journalsIn = ({ partitions }: AuditAround): readonly Source[] =>
  Array.from({ length: partitions }, (_, partition) => journalsOf(partition)).flat();

const messagesOf = ({ broker }: AuditAround, source: Source) =>
  broker.ever(source.stream).map((message) => readMessage(source, message));

/**
 * Endings of calls that had ended before, and were not in doubt. Where nothing was lost there are none (rule 6); a stage
 * whose journal lost its tail may end what it had passed on, and the record follows the ending that it has read first.
 */
function endedAgain(endings: readonly EndingEvent[]): readonly EndingEvent[] {
  const ofCalls = Map.groupBy(endings, ({ tenant, data }) => `${tenant} ${data.call.callId}`);
  const isFirst = ({ type }: EndingEvent): boolean => type !== 'resolved';
  return [...ofCalls.values()].flatMap((all) => (all.filter(isFirst).length > 1 ? all.slice(1) : []));
}

/** Everything that was ever journaled, projected in one go, is what the tables say, whatever befell them meanwhile. */
function tableTroubles(
  around: AuditAround,
  journals: ReturnType<typeof messagesOf>,
  again: readonly EndingEvent[],
): string[] {
  const there = around.postgres.tables ?? new SimTables();
  const folded = new SimTables();
  const rows = projectedRows([...journals, ...messagesOf(around, configSource)]);
  folded.write(
    rows,
    rollupRows(rows.endings, () => undefined),
  );
  return [
    ...differences('events', there.events.all, folded.events.all),
    ...differences('timeline', there.timeline.all, folded.timeline.all),
    ...differences('calls', withoutThose(again, there.calls), withoutThose(again, folded.calls)),
    ...differences('feed', there.feed.all, folded.feed.all),
    ...differences('runs', there.runs, folded.runs),
    ...(again.length > 0 ? [] : differences('rollups', withoutNothing(there.rollups), withoutNothing(folded.rollups))),
    ...differences('usage', there.usage, folded.usage),
    ...differences('config_changes', there.configChanges.all, folded.configChanges.all),
    ...differences('parked_inputs', there.parkedInputs.all, folded.parkedInputs.all),
    ...countsAreTrue(there, again),
    ...(there.events.again > 0 ? [`${there.events.again} events were stored again`] : []),
  ];
}

/** Each call that has ended counts once, as what it is now; one that two stages have ended, once for each at most. */
function countsAreTrue({ calls, rollups }: SimTables, again: readonly EndingEvent[]): string[] {
  const ended = [...calls.values()].filter(({ ended_id: id }) => id !== null).length;
  const counted = [...rollups.values()].reduce((sum, { count }) => sum + count, 0);
  if (counted >= ended && counted <= ended + again.length) return [];
  return [`rollups count ${counted} calls, ${ended} have ended`];
}

const withoutThose = (endings: readonly EndingEvent[], calls: SimTables['calls']): SimTables['calls'] => {
  const ended = new Set(endings.map(({ tenant, data }) => `${tenant} ${data.call.callId}`));
  return new Map([...calls].filter(([, { tenant, call_id: callId }]) => !ended.has(`${tenant} ${callId}`)));
};

/** A count that was taken back altogether says nothing. */
const withoutNothing = (rollups: SimTables['rollups']): ReadonlyMap<string, { count: number; spend_micros: number }> =>
  new Map([...rollups].filter(([, { count, spend_micros }]) => count !== 0 || spend_micros !== 0));

function differences<T>(table: string, there: ReadonlyMap<string, T>, wanted: ReadonlyMap<string, T>): string[] {
  const missing = [...wanted.keys()].filter((key) => !there.has(key));
  const strange = [...there.keys()].filter((key) => !wanted.has(key));
  const others = [...wanted].filter(([key, row]) => there.has(key) && !isDeepStrictEqual(there.get(key), row));
  return [
    ...(missing.length > 0 ? [`${table} misses ${missing.length} of ${wanted.size} rows`] : []),
    ...(strange.length > 0 ? [`${table} has ${strange.length} rows that no journal accounts for`] : []),
    ...others.map(([, row]) => `${table} says otherwise than the journals: ${JSON.stringify(row)}`),
  ];
}

const published = ({ broker }: AuditAround): number[] =>
  broker
    .all(DECISIONS_STREAM)
    .map(({ data }) => Number((JSON.parse(new TextDecoder().decode(data)) as { id: string }).id));

/** Each ending once, nothing else; one that was not published within days, which passed without audit, is not any more. */
function decisionTroubles(around: AuditAround, endings: readonly EndingEvent[]): string[] {
  const times = new Map<number, number>();
  for (const id of published(around)) times.set(id, (times.get(id) ?? 0) + 1);
  const wanted = new Set(endings.map(({ id }) => id));
  const old = around.now() - DAY_MS;
  const missing = endings.filter(({ id, at }) => !times.has(id) && at > old);
  const strange = [...times].filter(([id, count]) => count > 1 || !wanted.has(id));
  return [
    ...(missing.length > 0 ? [`DECISIONS misses ${missing.length} of ${wanted.size} endings`] : []),
    ...strange.map(
      ([id, count]) => `DECISIONS has ending ${id} ${count} times, the journals ${wanted.has(id) ? 1 : 0}`,
    ),
  ];
}

/** Those of the last hour, and a little less: clocks differ. */
const missingInRedis = ({ redis, now }: AuditAround, endings: readonly EndingEvent[]): string[] =>
  endings
    .filter(({ at }) => at > now() - (OUTCOME_TTL_SEC - 60) * 1_000)
    .filter(({ tenant, data }) => redis.get(outcomeKey(tenant, data.call.callId)) === null)
    .map(({ data }) => `Redis does not know how ${data.call.callId} ended`);
