/** A process to end when its parent is gone. */
export interface Ward {
  readonly pid: number;
  /** What makes it end in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** Ends after all that are not marked so: servers after the services that use them. */
  readonly last: boolean;
}

export type Notice = Ward | { readonly gone: number };
