import type { LeasedCall, TollgateEvent } from '@tollgate/events';
import { instruments } from '@tollgate/runtime';
import type { Owner, StageEffects } from '@tollgate/stage';
import type { DispatchState } from './dispatch.state.js';
import { PartitionWork } from './partition-work.js';
import { Underway } from './underway.js';
import type { Word } from './unsaid.js';
import type { WorkTools } from './work-tools.js';

/** The dispatcher's effects: one {@link PartitionWork} for each partition that this process owns. */
export class Dispatching implements StageEffects<DispatchState> {
  private readonly works = new Map<number, PartitionWork>();
  private readonly byOwner = new Map<Owner<DispatchState>, PartitionWork>();

  private readonly underway: Underway;

  constructor(private readonly tools: WorkTools) {
    this.underway = new Underway(tools.clock);
  }

  owning(owner: Owner<DispatchState>): void {
    const work = new PartitionWork(owner, this.tools, this.underway);
    this.works.set(owner.partition, work);
    this.byOwner.set(owner, work);
    work.resume();
    countInDoubt(owner);
  }

  committed(event: TollgateEvent, owner: Owner<DispatchState>): void {
    this.byOwner.get(owner)?.committed(event);
    if (event.type === 'in-doubt' || event.type === 'resolved' || event.type === 'hold-ended') countInDoubt(owner);
  }

  disowned(owner: Owner<DispatchState>): void {
    const work = this.byOwner.get(owner);
    this.byOwner.delete(owner);
    if (work !== undefined && this.works.get(owner.partition) === work) this.works.delete(owner.partition);
    work?.abandon();
  }

  async applied(
    agent: { tenant: string; agent: string } | undefined,
    owner: Owner<DispatchState>,
  ): Promise<number | undefined> {
    return agent && (await this.byOwner.get(owner)?.permits.drained(agent.tenant, agent.agent));
  }

  /** Resolves when no request and no hand-over is under way, at the latest after `mostMs`. */
  settled(mostMs: number): Promise<void> {
    return this.underway.settled(mostMs);
  }

  /** Asked by the decision on a new call: can its attempt begin at once? */
  prepareNow(partition: number, tenant: string, leased: LeasedCall): boolean {
    return this.works.get(partition)?.prepareNow(tenant, leased) ?? false;
  }

  /** True where a call that was to begin is prepared once more: its rest is not over, or its tool has been changed. */
  preparesAgain(partition: number, callId: string, now: number): boolean {
    return this.works.get(partition)?.preparesAgain(callId, now) ?? false;
  }

  /** An attempt has been decided: its permit runs from now. */
  decided(partition: number, attempt: Omit<Word, 'answer'>): void {
    this.works.get(partition)?.decided(attempt);
  }
}

function countInDoubt({ state, partition }: Owner<DispatchState>): void {
  let attempts = 0;
  for (const { phase } of state.calls.values()) if (phase.is === 'in-doubt') attempts += 1;
  instruments().attemptsInDoubt(attempts, { partition });
}
