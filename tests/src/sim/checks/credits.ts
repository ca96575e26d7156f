import type { CreditKind, TollgateEvent } from '@tollgate/events';
import type { Entry } from '../journal-record.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** Contract section 7 and rule 11, counted anew: credits used are what was charged; nothing passes a limit, nothing is refused that fits. */
export function creditsHold(simulation: Simulation): Violation[] {
  const ledger = new Ledger(simulation);
  for (const entry of simulation.record.entries) ledger.hear(entry);
  return ledger.broken;
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

class Ledger {
  readonly broken: Violation[] = [];
  /** `<tenant> <kind> <month>` → used. */
  private readonly used = new Map<string, number>();
  /** Calls that are charged, and in which month. */
  private readonly charged = new Map<string, { readonly tenant: string; readonly month: string }>();
  /** Calls of which another journal says that they did not run; the lease may not know yet. */
  private readonly notRun = new Map<string, number>();
  /** When a call or command came to the lease, or began to wait for its look: what was known by then counts. */
  private readonly cameAt = new Map<string, number>();
  private readonly parked: ReadonlySet<string>;

  constructor(private readonly simulation: Simulation) {
    const { found } = simulation.chaos.poison;
    this.parked = new Set(found.filter(({ reader }) => reader === 'lease').map(({ callId }) => callId));
  }

  hear({ journal, event, order }: Entry): void {
    if (journal !== 'lease') this.elsewhere(journal, event, order);
    else this.inLease(event, order);
  }

  private elsewhere(journal: string, event: TollgateEvent, order: number): void {
    if (event.type === 'policy-passed') this.cameAt.set(event.data.call.callId, order);
    if (journal === 'policy') return;
    if (event.type === 'hold-ended') this.notRun.set(event.data.callId, order);
    if (event.type !== 'blocked' && event.type !== 'failed' && event.type !== 'resolved') return;
    if (event.data.outcome.decision !== 'executed') this.notRun.set(event.data.call.callId, order);
  }

  private inLease(event: TollgateEvent, order: number): void {
    const { tenant, at } = event;
    const month = monthOf(at);
    switch (event.type) {
      case 'credits-checking':
        this.cameAt.set(event.data.id, order);
        break;
      case 'lock-repeated':
        this.charge(tenant, 'make', month, event.data.lock.key);
        this.isSaid(tenant, 'make', month, event.data.credits.usage);
        break;
      case 'task-acquired':
        if (event.data.credits.charged === 1) this.charge(tenant, 'ai', month, event.data.task.key);
        this.isSaid(tenant, 'ai', month, event.data.credits.usage);
        break;
      case 'lease-acquired': {
        const { callId } = event.data.call;
        this.charge(tenant, 'ai', month, callId);
        this.charged.set(callId, { tenant, month });
        break;
      }
      case 'lease-settled':
        this.settled(event.data.callId, event.data.how.state === 'free' ? event.data.how.givesBack : undefined);
        break;
      case 'blocked':
        if (event.data.outcome.reason === 'payment_required') this.refused(tenant, 'ai', month, event.data.call.callId);
        break;
      case 'command-refused':
        if (event.data.why === 'payment_required')
          this.refused(tenant, event.data.does === 'lock' ? 'make' : 'ai', month, event.data.reply.commandId);
        break;
      case 'usage-carried':
        for (const kind of ['make', 'ai'] as const)
          this.isSaid(tenant, kind, event.data.usage.month, event.data.usage[kind]);
        break;
      default:
        break;
    }
  }

  private settled(callId: string, givesBack: string | undefined): void {
    const charged = this.charged.get(callId);
    if (givesBack === undefined) return;
    this.charged.delete(callId);
    if (charged?.month !== givesBack) this.wrong(`${callId} gives back a credit that it was not charged`);
    else this.count(charged.tenant, 'ai', givesBack, -1);
  }

  private charge(tenant: string, kind: CreditKind, month: string, what: string): void {
    if (this.usedBy(tenant, kind, month) >= this.limit(kind))
      this.wrong(`${what} is charged beyond the limit of ${tenant}`);
    this.count(tenant, kind, month, 1);
  }

  /** What was given back before the refusal was to be looked at is known by then. */
  private refused(tenant: string, kind: CreditKind, month: string, id: string): void {
    const since = this.cameAt.get(id) ?? this.simulation.record.commands.get(id)?.order ?? 0;
    const given = [...this.charged].filter(
      ([callId, one]) =>
        one.tenant === tenant &&
        one.month === month &&
        !this.parked.has(callId) &&
        (this.notRun.get(callId) ?? Infinity) < since,
    );
    const back = kind === 'ai' ? given.length : 0;
    if (this.usedBy(tenant, kind, month) - back < this.limit(kind))
      this.wrong(`${id} is refused for credits that are there`);
  }

  private isSaid(tenant: string, kind: CreditKind, month: string, said: number): void {
    const used = this.usedBy(tenant, kind, month);
    if (said !== used)
      this.wrong(`${tenant} is said to have used ${said} ${kind} credits of ${month}, which are ${used}`);
  }

  private usedBy(tenant: string, kind: CreditKind, month: string): number {
    return this.used.get(`${tenant} ${kind} ${month}`) ?? 0;
  }

  private count(tenant: string, kind: CreditKind, month: string, by: number): void {
    this.used.set(`${tenant} ${kind} ${month}`, this.usedBy(tenant, kind, month) + by);
  }

  private limit(kind: CreditKind): number {
    return this.simulation.scenario.credits?.[kind] ?? Infinity;
  }

  private wrong(what: string): void {
    this.broken.push({ guarantee: 'rule 11', what });
  }
}
