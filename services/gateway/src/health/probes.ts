import { setTimeout as pause } from 'node:timers/promises';
import type { HealthReport } from '@tollgate/runtime';

/** Asks whether something answers; rejects or takes longer than {@link PROBE_MS} when it does not. */
export type Probe = () => Promise<unknown>;

const PROBE_MS = 1_000;
const EVERY_MS = 400;

/**
 * Asks each server again and again, so that the answer to `/readyz` is there at once, also when one is stopped and
 * answers nothing: it is named within probe and pause, 1.4 s.
 */
export class Probes {
  private readonly missing = new Set<string>();
  private readonly stopping = new AbortController();

  /** `nats` is what calls need; without any other of them the gateway is degraded. */
  constructor(private readonly probes: Readonly<Record<string, Probe>>) {}

  start(): void {
    for (const name of Object.keys(this.probes)) void this.watch(name);
  }

  stop(): void {
    this.stopping.abort();
  }

  report(): HealthReport {
    const missing = [...this.missing].sort();
    return { ready: !this.missing.has('nats'), degraded: missing.some((name) => name !== 'nats'), missing };
  }

  private async watch(name: string): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (await this.answers(name)) this.missing.delete(name);
      else this.missing.add(name);
      await pause(EVERY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async answers(name: string): Promise<boolean> {
    const limit = new AbortController();
    try {
      const late = pause(PROBE_MS, undefined, { signal: limit.signal }).then(
        () => false,
        () => false,
      );
      const asked = this.probes[name]?.().then(
        () => true,
        () => false,
      );
      return (await Promise.race([asked, late])) ?? false;
    } finally {
      limit.abort();
    }
  }
}
