/**
 * What can go wrong with the broker, translated once:
 * - `wrong_last_sequence`: somebody else appended first
 * - `timeout`: no acknowledgement in time; the message may be stored, or may still be
 * - `unavailable`: the broker is out of reach, nothing was stored
 * - `refused`: the broker said no (stream missing, no space, too large)
 * - `clock`: this machine's clock is too far off the broker's
 * - `lost`: a stream no longer has what a position points at
 */
export class BusError extends Error {
  override readonly name = 'BusError';
  /** Written by us, quotes nothing: may be logged. */
  readonly messageIsSafe = true;
  constructor(
    readonly code: 'wrong_last_sequence' | 'timeout' | 'unavailable' | 'refused' | 'clock' | 'lost',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
