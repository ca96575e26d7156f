import { refusalText } from './refusal-text.js';

/** The server has answered, and not with what was asked for. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(refusalText(status, body));
  }

  /** The code of its detail, where it has one. */
  get code(): string | undefined {
    const code = (this.body as { detail?: { error?: unknown } } | undefined)?.detail?.error;
    return typeof code === 'string' ? code : undefined;
  }
}

/** The server is away or busy; the same again later. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(
    message: string,
    readonly last: {
      /** What it answered, if anything. */
      readonly body: unknown;
      /** Whether a call, if it was one, may have been made all the same. */
      readonly callMayHaveArrived: boolean;
      /** How long it asks to be left alone. */
      readonly afterMs: number;
    },
  ) {
    super(message);
  }
}
