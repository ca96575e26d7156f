import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness } from './api.js';
import { LaunchError } from './launch-error.js';

/** @throws LaunchError that names what is missing. */
export async function untilReady(look: () => Promise<Readiness>, timeoutMs = 60_000): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { ready, missing } = await look();
    if (ready && missing.length === 0) return 'all of it';
    if (Date.now() > deadline) {
      throw new LaunchError(
        `still missing after ${timeoutMs / 1000} s: ${missing.join(', ')}`,
        'see the logs folder for why',
      );
    }
    await sleep(100);
  }
}
