import {
  attemptEnded,
  blocked,
  blockedOutcome,
  budgetReserved,
  dispatchStarted,
  executed,
  finish,
  inDoubt,
  leaseAcquired,
  nextEventId,
  policyPassed,
  resolved,
  unknownOutcome,
  type Draft,
  type JournalName,
  type TollgateEvent,
} from '@tollgate/events';
import { executedOutcome, header, passed } from './events.js';

type Written = readonly [JournalName, TollgateEvent];

/** Writes the events of whole calls as the four stages would: every third call is blocked, every fourth ends in doubt. */
export class CallWriter {
  /** Of all journals: an event's id is above the id of what it follows, in whichever journal that is. */
  private last = 0;
  private count = 0;

  constructor(private readonly now: () => number = Date.now) {}

  next(): readonly Written[] {
    const n = (this.count += 1);
    const requestedAt = this.now();
    const call = header(`call_${String(n)}`, {
      requestedAt,
      requestedId: this.id('policy'),
      runId: `run_${String(n % 5)}`,
      tool: `tool_${String(n % 3)}`,
    });
    const through = passed(call);
    if (n % 3 === 0) {
      const outcome = blockedOutcome('tool_explicitly_blocked');
      return [this.write('policy', blocked.draft('acme', { call, outcome }))];
    }
    const leased = { ...through, grant: { leaseKey: `k${String(n)}`, outgoingKey: `tg_${String(n)}` } };
    return [
      this.write('policy', policyPassed.draft('acme', through)),
      this.write('lease', leaseAcquired.draft('acme', { ...leased, claim: call.callId })),
      this.write('budget', budgetReserved.draft('acme', leased)),
      this.write('dispatch', dispatchStarted.draft('acme', { call, attempt: 1, attemptDeadline: requestedAt })),
      ...this.end(n, call),
    ];
  }

  private end(n: number, call: ReturnType<typeof header>): readonly Written[] {
    const outcome = executedOutcome(call.callId);
    if (n % 4 !== 0) {
      const answered = attemptEnded.draft('acme', { call, attempt: 1, known: 'executed', httpStatus: 200 });
      return [this.write('dispatch', answered), this.write('dispatch', executed.draft('acme', { call, outcome }))];
    }
    const doubt = inDoubt.draft('acme', { call, outcome: unknownOutcome('timeout', null, 2_500_000), heldUntil: 1 });
    const settled = resolved.draft('acme', { call, outcome: { ...outcome, spend: 1_000_000 }, by: 'key_9' });
    return [this.write('dispatch', doubt), ...(n % 8 === 0 ? [this.write('dispatch', settled)] : [])];
  }

  private write(journal: JournalName, draft: Draft): Written {
    return [journal, finish(draft, this.id(journal), this.now())];
  }

  private id(journal: JournalName): number {
    this.last = nextEventId(this.last, this.now(), journal, 0);
    return this.last;
  }
}
