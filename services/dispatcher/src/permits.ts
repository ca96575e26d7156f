import { pause, type Clock } from '@tollgate/journal';

/** A request may leave only so long after its attempt was decided, by wall clock and by monotonic clock (rule 10). */
export const PERMIT_MS = 1_000;
/** How far off the broker's a clock may be (rule 4). */
const CLOCK_BOUND_MS = 1_000;
/** By its wall clock alone, ahead when it began and behind when it is used, a permit of the old owner may last so long. */
const INHERITED_MS = PERMIT_MS + 2 * CLOCK_BOUND_MS;
const POLL_MS = 10;

interface Permit {
  readonly tenant: string;
  readonly agent: string;
  readonly wall: number;
  readonly monotonic: number;
}

/** The permits of one owner: each attempt that was decided and has neither been sent nor run out. */
export class Permits {
  private readonly open = new Map<string, Permit>();
  private readonly since: number;
  /** No request that has left bears a later stamp, whoever sent it. */
  private lastStamp: number;

  /** An old owner's permits began at `lastAt` of its journal at the latest, by its own clock. */
  constructor(
    private readonly clock: Clock,
    lastAt: number,
  ) {
    this.since = clock.monotonic();
    this.lastStamp = lastAt + PERMIT_MS;
  }

  /** Begins when the attempt is decided, before its event is in the journal. */
  begin(callId: string, tenant: string, agent: string): void {
    this.open.set(callId, { tenant, agent, wall: this.clock.now(), monotonic: this.clock.monotonic() });
  }

  /** Uses the permit up; false when it has run out by either clock or by the request's stamp, or none was given. */
  use(callId: string, stamp: number): boolean {
    const permit = this.open.get(callId);
    this.open.delete(callId);
    if (permit === undefined || !this.mayLeave(permit, stamp)) return false;
    this.lastStamp = Math.max(this.lastStamp, stamp);
    return true;
  }

  drop(callId: string): void {
    this.open.delete(callId);
  }

  /**
   * Resolves when no permit of the agent is left that began before now; a new owner first waits for the old one's.
   * Answers a time no earlier than any stamp of what has left, also where the clock has been set back since (G4).
   */
  async drained(tenant: string, agent: string): Promise<number> {
    const inherited = this.since + INHERITED_MS - this.clock.monotonic();
    if (inherited > 0) await pause(this.clock, inherited);
    const before = [...this.open].filter(([, permit]) => permit.tenant === tenant && permit.agent === agent);
    for (const [callId, permit] of before) {
      while (this.open.get(callId) === permit && this.valid(permit)) await pause(this.clock, POLL_MS);
      // Run out is run out, also if the wall clock goes back.
      if (this.open.get(callId) === permit) this.open.delete(callId);
    }
    return this.lastStamp;
  }

  private mayLeave(permit: Permit, stamp: number): boolean {
    const { wall } = permit;
    return this.valid(permit) && this.clock.now() >= wall - PERMIT_MS && stamp <= wall + PERMIT_MS;
  }

  private valid({ wall, monotonic }: Permit): boolean {
    return this.clock.now() - wall <= PERMIT_MS && this.clock.monotonic() - monotonic <= PERMIT_MS;
  }
}
