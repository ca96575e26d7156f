export type SealingErrorCode = 'unknown_key' | 'bad_envelope' | 'bad_key_list';

/** Says what went wrong by code. Neither message nor cause ever carries a key, an envelope or what was inside one. */
export class SealingError extends Error {
  override readonly name = 'SealingError';
  /** Log lines may carry the message. */
  readonly messageIsSafe = true;

  constructor(
    readonly code: SealingErrorCode,
    message: string,
  ) {
    super(message);
  }
}
