import { createHash } from 'node:crypto';
import { isCarried } from '@tollgate/events';
import type { Lane } from '@tollgate/audit';
import type { StoredMessage } from '@tollgate/journal';
import { projectionTroubles } from '../projection-checks.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What is looked into of a lane, though it shows it to nobody. */
interface Insides {
  readonly positions: Places;
  /** Of the decisions: the last that was published of each journal, which may lie ahead of the position, or behind it. */
  readonly options: { readonly sink: { readonly reached?: Places } };
}

type Places = Readonly<Record<string, { readonly seq: number; readonly mark: string }>>;

/** A projection of what is lost stops; where none has, each is what the journals hold. */
export function projectionsFitTheirJournals(simulation: Simulation): Violation[] {
  const { audits, auditAround } = simulation;
  const lanes = audits.filter(({ process }) => process.alive).flatMap((audit) => audit.lanes);
  const stopped = lanes.filter(({ state }) => state === 'stopped');
  if (stopped.length === 0 && lanes.length > 0 && simulation.chaos.purged.size === 0) {
    return projectionTroubles(auditAround, audits).map((what) => ({ guarantee: 'rule 16', what }));
  }
  return [...nothingPassedOver(simulation, stopped), ...lanes.flatMap((lane) => misfit(simulation, lane))];
}

/** What somebody purged behind a position, before it was projected, must stop who goes on there. */
function nothingPassedOver({ chaos, record, auditAround }: Simulation, stopped: readonly Lane[]): Violation[] {
  const tables = auditAround.postgres.tables;
  if (tables === undefined || chaos.purged.size === 0 || stopped.length > 0 || chaos.dropsPostgres) return [];
  const known = new Set([...tables.events.all.values()].map(({ id }) => id));
  const begun = new Set<string>();
  const missed = record.entries.filter(({ journal, partition, event }) => {
    if (isCarried(event)) return false;
    // Without a position it begins with what there is.
    if (known.has(event.id)) begun.add(`${journal} ${partition}`);
    return !known.has(event.id) && begun.has(`${journal} ${partition}`);
  });
  return missed.length === 0 ? [] : [{ guarantee: 'rule 16', what: `Postgres misses ${missed.length} events` }];
}

function misfit(simulation: Simulation, lane: Lane): Violation[] {
  const { positions, options } = lane as unknown as Insides;
  // What was published, and passed, may be gone: nobody reads it again.
  const ahead = Object.entries(options.sink.reached ?? {}).filter(
    ([name, { seq }]) => seq > (positions[name]?.seq ?? 0),
  );
  const isLost = [...Object.entries(positions), ...ahead].some(
    ([stream, { seq, mark }]) =>
      simulation.broker.range(stream).first !== seq + 1 && markOf(simulation.broker.message(stream, seq)) !== mark,
  );
  if (isLost === (lane.state === 'stopped')) return [];
  const what = `${nameOf(lane)} is ${lane.state}, its positions ${isLost ? 'do not fit' : 'fit'} the journals`;
  return [{ guarantee: 'rule 3', what }];
}

const nameOf = ({ projection, sources }: Lane): string => `${projection} of ${sources.map(({ name }) => name).join()}`;

const markOf = (message: StoredMessage | undefined): string =>
  message === undefined ? '' : createHash('sha256').update(message.data).digest('base64url').slice(0, 16);
