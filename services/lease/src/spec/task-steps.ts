import fc from 'fast-check';
import { DAY, HOUR, SECOND } from './calls.js';

/** One step of those who lease keys and of the world around them; `which` picks among the things that it can happen to. */
export type TaskStep =
  | (Wanted & { readonly does: 'lock' })
  /** `actions` of the job that is to run; none is no job. */
  | (Wanted & { readonly does: 'lease'; readonly actions: number })
  | { readonly does: 'reset'; readonly tenant: number; readonly key: number }
  | { readonly does: HolderWord; readonly which: number }
  | { readonly does: 'repeat a command'; readonly which: number }
  | { readonly does: 'go on'; readonly which: number; readonly how: number }
  | { readonly does: 'look' | 'ring' | 'take over' | 'write down' }
  | { readonly does: 'pass'; readonly ms: number };

interface Wanted {
  readonly tenant: number;
  readonly key: number;
  readonly repeat: number;
  readonly ttlSec: number;
}

export const HOLDER_WORDS = ['extend', 'complete', 'fail', 'cancel'] as const;
export type HolderWord = (typeof HOLDER_WORDS)[number];

const place = { tenant: fc.nat(1), key: fc.nat(1) };
/** Mostly without an `Idempotency-Key`. */
const repeat = fc.nat(5);
/** Mostly minutes; some outlive their journal. */
const ttlSec = fc.constantFrom(60, 60, 60, 600, 20 * 86_400);
const which = fc.nat(30);
const PASSES = [SECOND, 20 * SECOND, 20 * SECOND, 60 * SECOND, 60 * SECOND, 10 * 60 * SECOND, HOUR, DAY, 8 * DAY];

const does = <T extends object>(does: TaskStep['does'], rest: T = {} as T) =>
  fc.record({ does: fc.constant(does), ...rest });
export const taskStep = fc.oneof(
  { weight: 4, arbitrary: does('lock', { ...place, repeat, ttlSec }) },
  { weight: 8, arbitrary: does('lease', { ...place, repeat, ttlSec, actions: fc.constantFrom(0, 0, 0, 1, 2, 3) }) },
  { weight: 1, arbitrary: does('reset', place) },
  { weight: 8, arbitrary: fc.record({ does: fc.constantFrom(...HOLDER_WORDS), which }) },
  { weight: 2, arbitrary: does('repeat a command', { which }) },
  { weight: 10, arbitrary: does('go on', { which, how: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('look', 'ring') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('take over', 'write down') }) },
  { weight: 4, arbitrary: does('pass', { ms: fc.constantFrom(...PASSES) }) },
) as fc.Arbitrary<TaskStep>;
