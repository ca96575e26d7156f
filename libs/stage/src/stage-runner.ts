import { EventDecodeError } from '@tollgate/events';
import { BusError } from '@tollgate/journal';
import type { RunnerOptions } from './runner-options.js';
import { StageSession } from './stage-session.js';

const RETRY_MS = 250;
/** A machine whose clock is off leaves the partition to others: it would claim again what it cannot keep, for ever. */
const CLOCK_RETRY_MS = 5_000;

/** Keeps one partition of a stage alive in this process: owner, or standby until the owner is gone. */
export class StageRunner<S> {
  private session: StageSession<S> | undefined;
  private stopping = false;
  private done: Promise<void> | undefined;
  /** Why this partition stopped for good: a matter for a person, not for another try. */
  private refusal: string | undefined;

  constructor(private readonly options: RunnerOptions<S>) {}

  start(): void {
    this.done = this.live();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.session?.close();
    await this.done;
  }

  get owns(): boolean {
    return this.session?.isOwner ?? false;
  }

  /** Undefined when all is well: connected, as owner or standby. */
  get trouble(): string | undefined {
    return this.refusal ?? (this.session === undefined ? 'nats' : undefined);
  }

  async ping(timeoutMs: number): Promise<void> {
    if (this.session === undefined) throw new BusError('unavailable', 'not connected to NATS');
    await this.session.bus.ping(timeoutMs);
  }

  private async live(): Promise<void> {
    while (!this.stopping) {
      let restMs = RETRY_MS;
      try {
        this.session = await StageSession.open(this.options);
        // Who stopped us while we connected had no session to close.
        if (this.isStopping()) await this.session.close();
        await this.session.run();
      } catch (error) {
        if (this.isFinal(error)) return;
        if (error instanceof BusError && error.code === 'clock') restMs = CLOCK_RETRY_MS;
      } finally {
        this.session = undefined;
      }
      if (!this.stopping) await new Promise<void>((resolve) => void this.options.clock.after(restMs, resolve));
    }
  }

  private isStopping(): boolean {
    return this.stopping;
  }

  private isFinal(error: unknown): boolean {
    const { definition, partition, log } = this.options;
    const fields = { stage: definition.name, partition };
    const final = (error instanceof BusError && error.code === 'lost') || error instanceof EventDecodeError;
    if (!final) {
      log.warn('not the owner any more: forgets its state and is a candidate again', {
        ...fields,
        error: describe(error),
      });
      return false;
    }
    this.refusal = describe(error);
    log.error('stopped: the journal and this release do not fit', { ...fields, error: this.refusal });
    return true;
  }
}

/** Only texts that we wrote ourselves: a foreign one may quote what must not be logged (G6). */
function describe(error: unknown): string {
  if (error instanceof BusError) return `${error.code}: ${error.message}`;
  if (error instanceof EventDecodeError) return `${error.code} ${error.inputType ?? ''}`.trim();
  return error instanceof Error ? error.name : 'unknown';
}
