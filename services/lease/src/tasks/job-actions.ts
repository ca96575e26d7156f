import { ALL_DECIDED, finish, requested, type TollgateEvent } from '@tollgate/events';
import { askOwner, callsSubject, MARK_HEADER, pause, type Clock, type MessageBus } from '@tollgate/journal';
import { faultPoint, type Logger } from '@tollgate/runtime';
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
const ANSWER_MS = 5_000;
/** Stands for a gateway where nobody waits. */
export const NOBODY = '-';

/** Puts actions of jobs into CALLS, once their beginning is in the journal; a new owner puts them again, the same ids (rule 18). */
export class JobActions {
  constructor(private readonly options: JobActionsOptions) {}

  owning(owner: Owner<LeaseState>): void {
    const open = [...owner.state.tasks.actions].filter(([, { inherited }]) => inherited).map(([callId]) => callId);
    if (open.length > 0) void this.putAgain(owner, open);
  }

  committed(event: TollgateEvent, owner: Owner<LeaseState>): void {
    if (event.type === 'action-begun') void this.put(owner, event.data.callId);
  }

  /**
   * Policy knows the calls of an hour, and what is put again may lie in CALLS for days, because policy was away. So it is
   * put again only where policy has decided all that CALLS holds, and that has come here: then it is not in CALLS.
   */
  private async putAgain(owner: Owner<LeaseState>, callIds: readonly string[]): Promise<void> {
    const { bus, clock } = this.options;
    while (owner.isOwner) {
      try {
        const asking = { bus, clock, until: clock.now() + ANSWER_MS };
        await askOwner(asking, 'policy', owner.partition, { about: ALL_DECIDED, details: null });
        await owner.look(['policy']);
        for (const callId of callIds) void this.put(owner, callId);
        return;
      } catch {
        await pause(clock, AGAIN_MS);
      }
    }
  }

  private async put(owner: Owner<LeaseState>, callId: string): Promise<void> {
    const { bus, log, clock } = this.options;
    const action = callOfAction(owner.state, callId);
    // It has come back from policy: there is nothing to put any more.
    if (!owner.isOwner || action === undefined || isHere(owner.state, callId)) return;
    try {
      await faultPoint('lease.before-action');
      const body = this.encoded(action);
      await bus.append(callsSubject(owner.partition, 'policy'), body, {}, ACK_TIMEOUT_MS, { [MARK_HEADER]: callId });
      // It is in CALLS, and the journal does not say so: a new owner may put it there again.
      await faultPoint('lease.action-put');
    } catch (error) {
      log.warn('an action of a job cannot be put into CALLS yet', { call_id: callId }, error);
      await pause(clock, AGAIN_MS);
      await this.putAgain(owner, [callId]);
    }
  }

  private encoded({ tenant, call: action }: NonNullable<ReturnType<typeof callOfAction>>): Uint8Array {
    const { clock, callDeadlineMs } = this.options;
    const call = { ...action.call, gateway: NOBODY, waitUntil: clock.now() + callDeadlineMs };
    const event = finish(requested.draft(tenant, { ...action, call }), 0, clock.now());
    return new TextEncoder().encode(JSON.stringify(event));
  }
}
