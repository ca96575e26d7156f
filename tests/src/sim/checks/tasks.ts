import type { Lock, Task, TollgateEvent } from '@tollgate/events';
import type { JournalRecord } from '../journal-record.js';
import { DAY_MS } from '../scenario.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** Contract sections 1 and 2, and rule 18: what LEASE says of each key can be explained by one that is held by one at a time. */
export function tasksAreExplained({ record }: Simulation): Violation[] {
  const model = new TaskHistory(record);
  for (const { journal, event } of record.entries) if (journal === 'lease') model.hear(event);
  return model.broken;
}

/** A finished key says so for seven days. */
const REMEMBERED_MS = 7 * DAY_MS;

class TaskHistory {
  readonly broken: Violation[] = [];
  private readonly tasks = new Map<string, Task>();
  private readonly locks = new Map<string, Lock>();

  constructor(private readonly record: JournalRecord) {}

  hear(event: TollgateEvent): void {
    const { data, tenant, at } = event;
    this.firstAnswerAgain(event);
    if ('lock' in data) this.lock(event, tenant, data.lock, at);
    if (!('task' in data)) return;
    const place = `${tenant} ${data.task.key}`;
    if (event.type === 'task-carried') this.carried(this.tasks.get(place), data.task, place);
    if (!isTaskChange(event)) return;
    this.changed(event, this.remembered(place, at), data.task, place);
    this.tasks.set(place, data.task);
  }

  private remembered(place: string, at: number): Task | undefined {
    const known = this.tasks.get(place);
    return known === undefined || (known.state.is !== 'in_progress' && known.state.at + REMEMBERED_MS <= at)
      ? undefined
      : known;
  }

  private changed(event: TollgateEvent, known: Task | undefined, task: Task, place: string): void {
    const is = known?.state.is;
    const { version: last = 0 } = known ?? {};
    switch (event.type) {
      case 'task-acquired':
        if (is === 'in_progress') this.wrong(place, `is leased twice, version ${task.version}`, 'G1');
        if (is === 'completed' || is === 'failed') this.wrong(place, `runs again, though it is ${is}`, 'G1');
        if (task.version !== last + 1) this.wrong(place, `is leased as version ${task.version} behind ${last}`);
        return;
      case 'task-extended':
        if (task.version !== last + 1) this.wrong(place, `is extended to version ${task.version} from ${last}`);
        this.byHolder(event, known, place, ['in_progress', 'expired']);
        return;
      case 'task-completed':
      case 'task-failed':
      case 'task-canceled': {
        if (task.version !== last) this.wrong(place, 'changes its version as it ends');
        if (event.data.reply === undefined && task.job === undefined) this.wrong(place, 'ends though nobody says so');
        const late = event.type === 'task-completed' ? ['expired'] : [];
        this.byHolder(event, known, place, ['in_progress', ...late]);
        return;
      }
      case 'task-expired':
        if (is !== 'in_progress' || task.job !== undefined || task.until > event.at)
          this.wrong(place, 'expires though it is held');
        return;
      case 'task-reset':
        if (is !== 'failed' && is !== 'canceled' && is !== 'expired') this.wrong(place, `is reset, though it is ${is}`);
        return;
      default:
        return;
    }
  }

  /** Only whoever holds it changes it. */
  private byHolder(event: TollgateEvent, known: Task | undefined, place: string, may: readonly string[]): void {
    if (known === undefined || !may.includes(known.state.is))
      this.wrong(place, `${event.type}: it is ${known?.state.is}`);
    const { reply } = event.data as { reply?: { commandId: string } };
    const command = reply && this.record.commands.get(reply.commandId)?.data.command;
    if (command === undefined || !('leaseId' in command)) return;
    if (command.leaseId !== known?.leaseId)
      this.wrong(place, `${event.type} by ${command.leaseId}, which does not hold it`);
  }

  /** A lost answer is not a lost lock or lease: whoever has it is told so again, under the same `Idempotency-Key`. */
  private firstAnswerAgain({ type, data, tenant }: TollgateEvent): void {
    if (type !== 'task-polled' && type !== 'lock-repeated') return;
    const { reply } = data as { reply: { commandId: string } };
    const asked = this.repeatHashOf(reply);
    const { task, lock, asHolder } = data as { task?: Task; lock?: Lock; asHolder?: boolean };
    const held = task?.state.is === 'in_progress' ? task : lock;
    if (held === undefined) return;
    const isHis = asked !== undefined && asked === held.repeatHash;
    if (isHis === (asHolder === true)) return;
    if (isHis) this.wrong(`${tenant} ${held.key}`, `is kept from its holder, who asks again (${reply.commandId})`);
    else this.wrong(`${tenant} ${held.key}`, `is given to somebody else (${reply.commandId})`, 'G1');
  }

  private repeatHashOf({ commandId }: { readonly commandId: string }): string | undefined {
    return this.record.commands.get(commandId)?.data.repeatHash;
  }

  /** What is journaled again is what was. */
  private carried(known: Task | undefined, task: Task, place: string): void {
    if (known?.version !== task.version || known.state.is !== task.state.is || known.leaseId !== task.leaseId)
      this.wrong(place, 'is carried as something else', 'rule 15');
  }

  private lock({ type, data }: TollgateEvent, tenant: string, lock: Lock, at: number): void {
    const place = `${tenant} ${lock.key}`;
    const known = this.locks.get(place);
    const isHeld = known !== undefined && known.until > at;
    const again = 'again' in data && data.again === true;
    const { reply } = data as { reply?: { commandId: string } };
    if (type === 'lock-repeated' && !isHeld) this.wrong(place, 'has a duplicate, though nobody locks it');
    if (type !== 'lock-taken') return;
    if (isHeld && !again) this.wrong(place, 'is locked twice', 'G1');
    const asked = reply && this.repeatHashOf(reply);
    if (again && (asked === undefined || asked !== known?.repeatHash))
      this.wrong(place, 'is given to somebody else', 'G1');
    if (again && known?.firstSeenAt !== lock.firstSeenAt)
      this.wrong(place, 'is said to be locked again, which it is not');
    this.locks.set(place, lock);
  }

  private wrong(place: string, what: string, guarantee = 'rule 18'): void {
    this.broken.push({ guarantee, what: `${place} ${what}` });
  }
}

const CHANGES: ReadonlySet<string> = new Set([
  'task-acquired',
  'task-extended',
  'task-completed',
  'task-failed',
  'task-canceled',
  'task-expired',
  'task-reset',
]);
export const isTaskChange = ({ type }: Pick<TollgateEvent, 'type'>): boolean => CHANGES.has(type);
