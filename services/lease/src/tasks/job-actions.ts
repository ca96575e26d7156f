import { finish, requested, type TollgateEvent } from '@tollgate/events';
import { callsSubject, MARK_HEADER, pause, type Clock, type MessageBus } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { Owner } from '@tollgate/stage';
import type { LeaseState } from '../lease.state.js';
import { callOfAction, isHere } from './jobs.js';

export interface JobActionsOptions {
  /** Of its own, over reconnections: a stage's connection ends with its ownership. */
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly log: Logger;
  /** Nobody's connection waits for an action: it may take over a key for as long as it may live. */
  readonly callDeadlineMs: number;
}

const ACK_TIMEOUT_MS = 5_000;
const AGAIN_MS = 250;
/** Policy knows a copy of a call for an hour: later than this after its beginning an action is put no more. */
const STALE_MS = 1_800_000;
/** Then nothing that was put in time can be passed on any more, because a call lives for a quarter of an hour. */
const OVERDUE_MS = 3_600_000;
/** What policy reads calls up to; then an action that it has not decided is not in CALLS, or will be decided once. */
const SOURCES = ['policy'];
/** Stands for a gateway where nobody waits. */
export const NOBODY = '-';

/** Puts actions of jobs into CALLS, once their beginning is in the journal; a new owner puts them again, the same ids (rule 18). */
export class JobActions {
  constructor(private readonly options: JobActionsOptions) {}

  owning(owner: Owner<LeaseState>): void {
    const open = [...owner.state.tasks.actions].filter(([, { inherited }]) => inherited).map(([callId]) => callId);
    if (open.length === 0) return;
    // Policy knows the ids of an hour: one that it has decided before that has come here by now.
    void this.lookedAt(owner).then(() => {
      for (const callId of open) void this.put(owner, callId);
    });
  }

  committed(event: TollgateEvent, owner: Owner<LeaseState>): void {
    if (event.type === 'action-begun') void this.put(owner, event.data.callId);
  }

  private async lookedAt(owner: Owner<LeaseState>): Promise<void> {
    while (owner.isOwner) {
      try {
        await owner.look(SOURCES);
        return;
      } catch {
        await pause(this.options.clock, AGAIN_MS);
      }
    }
  }

  private async put(owner: Owner<LeaseState>, callId: string): Promise<void> {
    const { bus, clock, log } = this.options;
    while (owner.isOwner) {
      const action = callOfAction(owner.state, callId);
      // It has come back from policy: there is nothing to put any more.
      if (action === undefined || isHere(owner.state, callId)) return;
      if (isStale(action, clock.now())) return this.endOverdue(owner, callId, action.begunAt);
      try {
        const body = this.encoded(action);
        await bus.append(callsSubject(owner.partition, 'policy'), body, {}, ACK_TIMEOUT_MS, { [MARK_HEADER]: callId });
        // Held up on its way it may have come too late to be anything.
        if (!isStale(action, clock.now())) return;
      } catch (error) {
        log.warn('an action of a job cannot be put into CALLS yet', { call_id: callId }, error);
        await pause(clock, AGAIN_MS);
      }
    }
  }

  /** Whatever stands in CALLS has been decided by then, or is past its own deadline: what is not here was never sent. */
  private async endOverdue(owner: Owner<LeaseState>, callId: string, begunAt: number): Promise<void> {
    const { clock } = this.options;
    await pause(clock, Math.max(0, begunAt + OVERDUE_MS - clock.now()));
    await this.lookedAt(owner);
    if (owner.isOwner) owner.submit('action-overdue', { callId });
  }

  private encoded({ tenant, call: action, begunAt }: OpenCall): Uint8Array {
    const { clock, callDeadlineMs } = this.options;
    const call = { ...action.call, gateway: NOBODY, waitUntil: clock.now() + callDeadlineMs };
    const staleAfter = begunAt + STALE_MS;
    const event = finish(requested.draft(tenant, { ...action, call, staleAfter }), 0, clock.now());
    return new TextEncoder().encode(JSON.stringify(event));
  }
}

type OpenCall = NonNullable<ReturnType<typeof callOfAction>>;

const isStale = ({ begunAt }: OpenCall, now: number): boolean => now - begunAt > STALE_MS;
