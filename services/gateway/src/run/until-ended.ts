import { systemClock, type Clock } from '@tollgate/journal';
import { within } from '../clock/within.js';

/** A message may be lost with its sender: what is not heard is looked up, about this often and once more at the limit. */
const LOOK_UP_MS = 1_000;

/** How a call ended, or what a command was answered; undefined when that is not known at the limit, or when the gateway stops. */
export async function untilEnded<T>(
  expected: { readonly heard: Promise<T | undefined> },
  lookUp: () => Promise<T | undefined>,
  untilMs: number,
  everyMs = LOOK_UP_MS,
  clock: Clock = systemClock,
): Promise<T | undefined> {
  for (;;) {
    const heard = await within(clock, expected.heard, Math.min(everyMs, untilMs - clock.now()));
    if (heard !== 'late' && heard !== undefined) return heard;
    const found = await lookUp();
    if (found !== undefined || heard === undefined || clock.now() >= untilMs) return found;
  }
}
