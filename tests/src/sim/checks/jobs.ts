import { isEnding, type EndedAction, type Task, type TollgateEvent } from '@tollgate/events';
import type { Entry } from '../journal-record.js';
import type { Simulation } from '../simulation.js';
import type { PoisonKind } from '../poison.js';
import type { Violation } from './violation.js';

/** Rule 18: a job's actions are made in order, each once, none before the one before it, and all jobs end. */
export function jobsRunInOrder(simulation: Simulation): Violation[] {
  const history = new JobHistory(simulation);
  for (const entry of simulation.record.entries) history.hear(entry);
  return [...history.broken, ...history.atTheEnd(), ...underOneKeyEach(simulation)];
}

interface Job {
  readonly callIds: readonly string[];
  readonly ended: EndedAction[];
  open: string | undefined;
  /** In progress, so that the server goes on with it. */
  runs: boolean;
}

class JobHistory {
  readonly broken: Violation[] = [];
  private readonly jobs = new Map<string, Job>();
  private readonly begun = new Map<string, number>();
  /** Calls that have ended, in whatever journal. */
  private readonly endings = new Map<string, string>();

  constructor(private readonly simulation: Simulation) {}

  hear({ journal, event, order }: Entry): void {
    if (isEnding(event) && event.type !== 'resolved')
      this.endings.set(event.data.call.callId, event.data.outcome.decision);
    if (journal !== 'lease') return;
    switch (event.type) {
      case 'task-acquired':
        this.leased(event.data.task);
        break;
      case 'task-completed':
      case 'task-failed':
      case 'task-canceled':
        this.over(event.data.task, event);
        break;
      case 'action-begun':
        this.begins(event.data.leaseId, event.data.callId, order);
        break;
      case 'action-ended':
        this.ends(event.data.leaseId, event.data.ended);
        break;
      default:
        break;
    }
  }

  /** Once faults have stopped everything has come to its end, and nothing was put that had not begun. */
  atTheEnd(): readonly Violation[] {
    const { actionsPut } = this.simulation.record;
    const early = [...actionsPut].filter(([callId, order]) => (this.begun.get(callId) ?? Infinity) >= order);
    const running = [...this.jobs].filter(([, job]) => job.runs);
    const lost = [...this.begun.keys()].filter((callId) => !actionsPut.has(callId) && this.isWaitedFor(callId));
    return [
      ...early.map(([callId]) => violation(`${callId} is in CALLS before its beginning is in the journal`)),
      ...running.map(([leaseId]) => violation(`the job of ${leaseId} never ends`)),
      ...lost.map((callId) => violation(`${callId} has begun and was never put into CALLS`)),
    ];
  }

  private isWaitedFor(callId: string): boolean {
    return [...this.jobs.values()].some(({ open, runs }) => runs && open === callId);
  }

  private leased({ leaseId, job }: Task): void {
    if (job === undefined) return;
    const callIds = job.actions.map(({ call }) => call.callId);
    this.jobs.set(leaseId, { callIds, ended: [], open: undefined, runs: true });
  }

  private begins(leaseId: string, callId: string, order: number): void {
    const job = this.jobs.get(leaseId);
    if (this.begun.has(callId)) this.wrong(`${callId} begins twice`);
    if (job?.runs !== true || job.open !== undefined)
      this.wrong(`${callId} begins though its job does not wait for it`);
    if (job?.callIds[job.ended.length] !== callId) this.wrong(`${callId} begins out of its turn`);
    if (job?.ended.every(isGood) === false) this.wrong(`${callId} begins behind one that did not run`);
    this.begun.set(callId, order);
    if (job !== undefined) job.open = callId;
  }

  private ends(leaseId: string, ended: EndedAction): void {
    const { callId, decision } = ended;
    const job = this.jobs.get(leaseId);
    const said = this.endings.get(callId);
    // Of what lease cannot read nobody knows; of what another release said, an operator does.
    const told = said === 'executed' ? 'executed' : 'failed';
    const parked = this.parkedAs(callId);
    const expected = parked === undefined ? said : parked === 'unknown_type' ? told : decision;
    if (expected !== decision) this.wrong(`${callId} is noted as ${decision}, but was ${said}`);
    if (job?.open !== callId) this.wrong(`${callId} ends though it is not open`);
    job?.ended.push(ended);
    if (job !== undefined) job.open = undefined;
  }

  private over({ leaseId }: Task, event: TollgateEvent): void {
    const job = this.jobs.get(leaseId);
    if (job === undefined) return;
    job.runs = false;
    const ofItself = (event.data as { reply?: object }).reply === undefined;
    if (!ofItself) return;
    const good = job.ended.every(isGood);
    if (good !== (event.type === 'task-completed')) this.wrong(`the job of ${leaseId} ends as ${event.type}`);
    if (good && job.ended.length < job.callIds.length) this.wrong(`the job of ${leaseId} completes before its actions`);
  }

  private parkedAs(callId: string): PoisonKind | undefined {
    const { found } = this.simulation.chaos.poison;
    const kinds = found.filter((one) => one.reader === 'lease' && one.callId === callId).map(({ kind }) => kind);
    return kinds.find((kind) => kind !== 'unknown_type') ?? kinds[0];
  }

  private wrong(what: string): void {
    this.broken.push(violation(what));
  }
}

const isGood = ({ decision }: EndedAction): boolean => decision === 'executed' || decision === 'dedup';
const violation = (what: string): Violation => ({ guarantee: 'rule 18', what });

/** However often its owners changed, the tool sees an action under one key. */
function underOneKeyEach({ tools, record }: Simulation): Violation[] {
  const seen = Map.groupBy(
    tools.seen.filter(({ callId }) => record.actions.has(callId)),
    ({ callId }) => callId,
  );
  return [...seen].flatMap(([callId, requests]) => {
    const keys = new Set(requests.map(({ key }) => key)).size;
    return keys > 1 ? [{ guarantee: 'G1', what: `${callId} was sent under ${keys} keys` }] : [];
  });
}
