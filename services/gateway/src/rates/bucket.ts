/** A bucket of tokens, one for each request: it holds so many at most, and regains as many in a period. */
export interface Bucket {
  readonly periodMs: number;
  readonly tokens: number;
}

/** Taken: when the bucket is full again; or nothing taken, and how long until there is a token. */
export type Taken = { readonly fullAt: number } | { readonly waitMs: number };

/** @param fullAt When the bucket is full again; in the past where it is. */
export function takeToken({ periodMs, tokens }: Bucket, fullAt: number, now: number): Taken {
  const after = Math.max(fullAt, now) + periodMs / tokens;
  const waitMs = after - now - periodMs;
  return waitMs > 0 ? { waitMs } : { fullAt: after };
}
