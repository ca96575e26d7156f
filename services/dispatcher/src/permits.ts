import { pause, type Clock } from '@tollgate/journal';

/** A request may leave only so long after its attempt was decided, by wall clock and by monotonic clock (rule 10). */
export const PERMIT_MS = 1_000;
/** How far off the broker's an old owner's clock may have been (rule 4). */
const CLOCK_BOUND_MS = 1_000;
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

  constructor(private readonly clock: Clock) {
    this.since = clock.monotonic();
  }

  /** Begins when the attempt is decided, before its event is in the journal. */
  begin(callId: string, tenant: string, agent: string): void {
    this.open.set(callId, { tenant, agent, wall: this.clock.now(), monotonic: this.clock.monotonic() });
  }

  /** Uses the permit up; false when it has run out by either clock, or none was given. */
  use(callId: string): boolean {
    const permit = this.open.get(callId);
    this.open.delete(callId);
    return permit !== undefined && this.valid(permit) && this.clock.now() >= permit.wall - PERMIT_MS;
  }

  drop(callId: string): void {
    this.open.delete(callId);
  }

  /** Resolves when no permit of the agent is left that began before now; a new owner first waits for the old one's. */
  async drained(tenant: string, agent: string): Promise<void> {
    const inherited = this.since + PERMIT_MS + CLOCK_BOUND_MS - this.clock.monotonic();
    if (inherited > 0) await pause(this.clock, inherited);
    const before = [...this.open].filter(([, permit]) => permit.tenant === tenant && permit.agent === agent);
    for (const [callId, permit] of before) {
      while (this.open.get(callId) === permit && this.valid(permit)) await pause(this.clock, POLL_MS);
      // Run out is run out, also if the wall clock goes back.
      if (this.open.get(callId) === permit) this.open.delete(callId);
    }
  }

  private valid({ wall, monotonic }: Permit): boolean {
    return this.clock.now() - wall <= PERMIT_MS && this.clock.monotonic() - monotonic <= PERMIT_MS;
  }
}
