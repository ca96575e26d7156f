import type { TollgateEvent } from '@tollgate/events';
import { pause, type Clock } from '@tollgate/journal';
import type { Owner } from './stage-definition.js';

export interface RefusalLooksOptions<S> {
  readonly clock: Clock;
  /** What must have been read to its end before anything is refused. */
  readonly sources: readonly string[];
  /** What waits for a look in a state; `inherited` where an owner before this one has journaled it. */
  waiting(state: S): Iterable<readonly [id: string, { readonly inherited?: true }]>;
  /** The id of what an event says is to be looked at. */
  asks(event: TollgateEvent): string | undefined;
}

const AGAIN_MS = 250;

/** One look at a time serves all refusals that wait for one; then `local/looked` decides each again (rule 11). */
export class RefusalLooks<S> {
  private readonly waiting = new Map<Owner<S>, Set<string>>();
  private readonly running = new Set<Owner<S>>();

  constructor(private readonly options: RefusalLooksOptions<S>) {}

  /** The state runs ahead of the journal here, too: what this owner has decided is looked at once it is committed. */
  owning(owner: Owner<S>): void {
    for (const [id, { inherited }] of this.options.waiting(owner.state)) if (inherited) this.want(owner, id);
  }

  committed(event: TollgateEvent, owner: Owner<S>): void {
    const id = this.options.asks(event);
    if (id !== undefined) this.want(owner, id);
  }

  private want(owner: Owner<S>, id: string): void {
    const waiting = this.waiting.get(owner) ?? new Set();
    this.waiting.set(owner, waiting.add(id));
    if (!this.running.has(owner)) void this.run(owner);
  }

  private async run(owner: Owner<S>): Promise<void> {
    this.running.add(owner);
    for (let ids = this.take(owner); ids.length > 0 && owner.isOwner; ids = this.take(owner)) {
      await owner.look(this.options.sources).then(
        () => {
          for (const id of ids) owner.submit('looked', { id });
        },
        // The broker does not answer: either this owner ends and the next one looks, or it looks again itself.
        async () => {
          await pause(this.options.clock, AGAIN_MS);
          for (const id of ids) this.waiting.get(owner)?.add(id);
        },
      );
    }
    this.running.delete(owner);
    this.waiting.delete(owner);
  }

  private take(owner: Owner<S>): string[] {
    const ids = [...(this.waiting.get(owner) ?? [])];
    this.waiting.set(owner, new Set());
    return ids;
  }
}
