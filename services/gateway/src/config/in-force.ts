import { decodeJson, partitionOf, type JournalName } from '@tollgate/events';
import { appliedSubject, BusError, pause, systemClock, type Clock, type MessageBus } from '@tollgate/journal';
import { z } from 'zod';
import { unavailable } from '../http/contract-error.js';

/** A change is answered when the stages it concerns say that they follow it (rule 12). */
const LIMIT_MS = 5_000;
/** An owner that dies while asked never answers; its successor is asked again. */
const ASK_MS = 2_000;
const AGAIN_MS = 100;

const applied = z.object({ at: z.number() });

export interface Concerning {
  readonly stages: readonly JournalName[];
  /** For the kill switch: answered when nothing of this agent can be on its way any more. */
  readonly agent?: string;
}

export class InForce {
  constructor(
    private readonly bus: MessageBus,
    private readonly partitions: number,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * When each stage said so, by its own clock, ms since the epoch.
   *
   * @throws ContractError 503 when one does not confirm; the change stands, and repeating it asks again
   */
  async from(tenant: string, seq: number, { stages, agent }: Concerning): Promise<ReadonlyMap<JournalName, number>> {
    const until = this.clock.now() + LIMIT_MS;
    const partition = partitionOf(tenant, this.partitions);
    const ask = async (stage: JournalName) => {
      const body = question(seq, tenant, stage === 'dispatch' ? agent : undefined);
      return [stage, await this.confirmed(appliedSubject(stage, partition), body, until)] as const;
    };
    return new Map(await Promise.all(stages.map(ask)));
  }

  private async confirmed(subject: string, body: Uint8Array, until: number): Promise<number> {
    for (;;) {
      const left = until - this.clock.now();
      if (left <= 0) throw unavailable('The change is stored but not yet confirmed: repeat it');
      const answer = await this.ask(subject, body, Math.min(left, ASK_MS));
      if (answer !== undefined) return answer;
      await pause(this.clock, Math.min(AGAIN_MS, left));
    }
  }

  private async ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<number | undefined> {
    try {
      return applied.parse(decodeJson(await this.bus.ask(subject, body, timeoutMs))).at;
    } catch (error) {
      if (error instanceof BusError) return undefined;
      throw error;
    }
  }
}

function question(seq: number, tenant: string, agent: string | undefined): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({ seq, ...(agent === undefined ? {} : { agent: { tenant, agent } }) }),
  );
}
