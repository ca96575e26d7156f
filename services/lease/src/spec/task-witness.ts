import type { actionBegun } from '@tollgate/events';
import { type DataOf, type EndedAction, type Task, type TollgateEvent } from '@tollgate/events';
import { monthOf } from '../credits/credits.state.js';

interface Running {
  readonly leaseId: string;
  readonly callIds: readonly string[];
  readonly ended: EndedAction[];
  /** The action that has begun and not ended. */
  open: string | undefined;
  /** The job goes on: nobody has stopped it, and it has not ended. */
  goesOn: boolean;
}

/** Somebody who reads the journal and nothing else: what it says must hold whatever led to it. */
export class TaskWitness {
  /** Key → its last version, for as long as the key is remembered. */
  private readonly versions = new Map<string, number>();
  /** Keys that ended, which must not run again before they are freed or forgotten. */
  readonly finished = new Set<string>();
  /** Lock → until when it is held. */
  private readonly locks = new Map<string, number>();
  private readonly jobs = new Map<string, Running>();
  private readonly begun = new Set<string>();
  private readonly answered = new Set<string>();
  private readonly used = new Map<string, number>();

  /** @param forgotten whether the key of an event was forgotten before it */
  sees(event: TollgateEvent, forgotten: (tenant: string, key: string) => boolean): void {
    if ('reply' in event.data && event.data.reply !== undefined) this.isAnsweredOnce(event.data.reply.commandId);
    switch (event.type) {
      case 'task-acquired':
        this.acquired(event.tenant, event.data.task, forgotten(event.tenant, event.data.task.key));
        this.use(event.tenant, 'ai', monthOf(event.at), event.data.credits.charged);
        break;
      case 'task-extended':
        this.hasNewVersion(placeOf(event.tenant, event.data.task), event.data.task);
        break;
      case 'task-completed':
      case 'task-failed':
        this.finished.add(placeOf(event.tenant, event.data.task));
        this.jobEnds(event.data.task, event.data.reply === undefined);
        break;
      case 'task-canceled':
        this.jobEnds(event.data.task, false);
        break;
      case 'task-reset':
        this.finished.delete(placeOf(event.tenant, event.data.task));
        break;
      case 'action-begun':
        this.actionBegins(event.data);
        break;
      case 'action-ended':
        this.actionEnds(event.data.leaseId, event.data.ended);
        break;
      case 'lock-taken': {
        const place = placeOf(event.tenant, event.data.lock);
        const held = (this.locks.get(place) ?? 0) > event.at;
        must(held === (event.data.again === true), 'a lock is held by one at a time');
        this.locks.set(place, event.data.lock.until);
        break;
      }
      case 'lock-repeated':
        must((this.locks.get(placeOf(event.tenant, event.data.lock)) ?? 0) > event.at, 'a duplicate is one of a lock');
        this.use(event.tenant, 'make', monthOf(event.at), event.data.credits.charged);
        break;
      case 'lease-acquired':
        this.use(event.tenant, 'ai', monthOf(event.at), 1);
        break;
      case 'lease-settled':
        if (event.data.how.state === 'free' && event.data.how.givesBack !== undefined)
          this.use(event.tenant, 'ai', event.data.how.givesBack, -1);
        break;
      default:
        break;
    }
  }

  usedBy(tenant: string, kind: 'make' | 'ai', month: string): number {
    return this.used.get(`${tenant} ${kind} ${month}`) ?? 0;
  }

  /** What a new owner puts into CALLS again: the open action of every job that goes on, and nothing that has ended. */
  mustBePut(callIds: ReadonlySet<string>): void {
    const jobs = [...this.jobs.values()];
    const open = new Set(jobs.map((job) => job.open));
    const waitedFor = jobs.filter((job) => job.goesOn).map((job) => job.open ?? '');
    must(
      waitedFor.every((callId) => callIds.has(callId)),
      'a new owner puts the open action of every job',
    );
    must(
      [...callIds].every((callId) => open.has(callId)),
      'a new owner puts nothing that has ended',
    );
  }

  get runningJobs(): number {
    return [...this.jobs.values()].filter(({ goesOn }) => goesOn).length;
  }

  private use(tenant: string, kind: 'make' | 'ai', month: string, count: number): void {
    const of = `${tenant} ${kind} ${month}`;
    this.used.set(of, (this.used.get(of) ?? 0) + count);
  }

  private isAnsweredOnce(commandId: string): void {
    must(!this.answered.has(commandId), 'a command is answered once');
    this.answered.add(commandId);
  }

  private acquired(tenant: string, task: Task, forgotten: boolean): void {
    const place = placeOf(tenant, task);
    if (forgotten) {
      this.versions.delete(place);
      this.finished.delete(place);
    }
    must(!this.finished.has(place), 'a finished key never runs again');
    this.hasNewVersion(place, task);
    const { leaseId, job } = task;
    if (job === undefined) return;
    const callIds = job.actions.map(({ call }) => call.callId);
    this.jobs.set(leaseId, { leaseId, callIds, ended: [], open: undefined, goesOn: true });
  }

  private hasNewVersion(place: string, { version }: Task): void {
    const last = this.versions.get(place) ?? 0;
    must(version > last, 'versions only grow, and no two holders have the same');
    this.versions.set(place, version);
  }

  /** At most once, and in order: none before the one before it has ended well, none once the job is over. */
  private actionBegins({ leaseId, callId }: DataOf<typeof actionBegun>): void {
    const job = this.jobOf(leaseId);
    must(!this.begun.has(callId), 'an action begins at most once');
    must(
      job.goesOn && job.open === undefined,
      'an action begins when the one before it has ended, and the job goes on',
    );
    must(job.callIds[job.ended.length] === callId, 'actions begin in order');
    must(job.ended.every(isGood), 'nothing begins behind an action that did not run');
    this.begun.add(callId);
    job.open = callId;
  }

  private actionEnds(leaseId: string, ended: EndedAction): void {
    const job = this.jobOf(leaseId);
    must(job.open === ended.callId, 'an action ends once');
    job.open = undefined;
    job.ended.push(ended);
  }

  private jobEnds({ leaseId, state }: Task, ofItself: boolean): void {
    const job = this.jobs.get(leaseId);
    must(job !== undefined || !ofItself, 'only a job ends of itself');
    if (job === undefined) return;
    must(job.goesOn, 'a job ends once');
    job.goesOn = false;
    if (!ofItself) return;
    const good = job.ended.every(isGood);
    must(job.open === undefined, 'a job ends of itself when its last action has');
    must(good === (state.is === 'completed'), 'a job fails exactly where an action did not run');
    must(!good || job.ended.length === job.callIds.length, 'a job completes when all its actions have run');
  }

  private jobOf(leaseId: string): Running {
    const job = this.jobs.get(leaseId);
    if (job === undefined) throw new Error(`an action of ${leaseId}, which runs no job`);
    return job;
  }
}

/** Cheaper than `expect`, for what is looked at with every event. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken: ${what}`);
}

const isGood = ({ decision }: EndedAction): boolean => decision === 'executed' || decision === 'dedup';
export const placeOf = (tenant: string, { key }: { readonly key: string }): string => `${tenant}/${key}`;
