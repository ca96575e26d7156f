import type { TollgateEvent } from '@tollgate/events';
import { pause, type Clock } from '@tollgate/journal';
import type { Owner, StageEffects } from '@tollgate/stage';
import type { BudgetState } from './budget.state.js';

/** What `budget` reads, and must have read to its end before it refuses. */
const SOURCES = ['lease', 'dispatch'];
const AGAIN_MS = 250;

/** One look at a time serves all refusals that wait for one (rule 11). */
export class Looks implements StageEffects<BudgetState> {
  private readonly waiting = new Map<Owner<BudgetState>, Set<string>>();
  private readonly running = new Set<Owner<BudgetState>>();

  constructor(private readonly clock: Clock) {}

  /** The state runs ahead of the journal here, too: what this owner has decided is looked at once it is committed. */
  owning(owner: Owner<BudgetState>): void {
    for (const [callId, { inherited }] of owner.state.checking) if (inherited) this.want(owner, callId);
  }

  committed(event: TollgateEvent, owner: Owner<BudgetState>): void {
    if (event.type === 'cap-checking') this.want(owner, event.data.call.callId);
  }

  private want(owner: Owner<BudgetState>, callId: string): void {
    const waiting = this.waiting.get(owner) ?? new Set();
    this.waiting.set(owner, waiting.add(callId));
    if (!this.running.has(owner)) void this.run(owner);
  }

  private async run(owner: Owner<BudgetState>): Promise<void> {
    this.running.add(owner);
    for (let calls = this.take(owner); calls.length > 0 && owner.isOwner; calls = this.take(owner)) {
      await owner.look(SOURCES).then(
        () => {
          for (const callId of calls) owner.submit('looked', { callId });
        },
        // The broker does not answer: either this owner ends and the next one looks, or it looks again itself.
        async () => {
          await pause(this.clock, AGAIN_MS);
          for (const callId of calls) this.waiting.get(owner)?.add(callId);
        },
      );
    }
    this.running.delete(owner);
    this.waiting.delete(owner);
  }

  private take(owner: Owner<BudgetState>): string[] {
    const calls = [...(this.waiting.get(owner) ?? [])];
    this.waiting.set(owner, new Set());
    return calls;
  }
}
