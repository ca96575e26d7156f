import type { Task } from '@tollgate/events';
import { ContractError } from '@tollgate/gateway';
import { TASK_REMEMBERED_MS } from '@tollgate/store';
import type { Entry } from '../journal-record.js';
import type { AskedAbout } from '../sim-workers.js';
import type { Simulation } from '../simulation.js';
import { isTaskChange } from './tasks.js';
import type { Violation } from './violation.js';

/** What clocks may be off until it is noticed. */
const CLOCK_MS = 12_000;

/** Contract section 8: status is never old. It shows what the journal said when it was asked for, or said meanwhile. */
export function statusIsFresh({ workers, record }: Simulation): Violation[] {
  const changes = Map.groupBy(
    record.entries.filter(({ event }) => isTaskChange(event)),
    ({ event }) => `${event.tenant} ${taskOf(event).key}`,
  );
  return workers.asked.flatMap((asked) =>
    asked.ask.does === 'status' ? fresh(asked, changes.get(`${asked.tenant} ${asked.key}`) ?? []) : [],
  );
}

const taskOf = ({ data }: Entry['event']): Task => (data as { task: Task }).task;

function fresh({ name, key, askedAt, answeredAt, told }: AskedAbout, changes: readonly Entry[]): Violation[] {
  if (told === undefined) return [];
  if (told instanceof ContractError && told.status !== 404) return [];
  const asked = Math.floor(askedAt);
  const first = changes.findLast(({ at }) => at < asked);
  const meanwhile = changes.filter(({ at }) => at >= asked && at <= answeredAt);
  const possible = [first, ...meanwhile].flatMap((entry) => shownAs(entry && taskOf(entry.event), askedAt, answeredAt));
  const shown = told instanceof ContractError ? 'unknown' : `${String(told['status'])} ${String(told['version'])}`;
  return possible.includes(shown)
    ? []
    : [{ guarantee: 'rule 16', what: `${name} is shown ${key} as ${shown}, which is ${possible.join(' or ')}` }];
}

function shownAs(task: Task | undefined, askedAt: number, answeredAt: number): readonly string[] {
  if (task === undefined) return ['unknown'];
  const { state, version, job, until } = task;
  const failed = `failed ${version}`;
  if (state.is === 'in_progress') {
    // The gateway's clock decides whether the deadline has passed.
    const mayBeOver = job === undefined && until <= answeredAt + CLOCK_MS;
    const mayBeHeld = job !== undefined || until > askedAt - CLOCK_MS;
    return [...(mayBeHeld ? [`in_progress ${version}`] : []), ...(mayBeOver ? [failed] : [])];
  }
  const mayBeForgotten = state.at + TASK_REMEMBERED_MS <= answeredAt + CLOCK_MS;
  const shown = state.is === 'completed' ? [`completed ${version}`] : state.is === 'reset' ? ['unknown'] : [failed];
  return mayBeForgotten ? ['unknown', ...shown] : shown;
}
