/** What came of sending a request once. */
export type Attempt = Answered | Unreached | Lost;

export interface Answered {
  readonly is: 'answered';
  readonly status: number;
  /** Of `Retry-After`. */
  readonly retryAfterSec: number | undefined;
  /** Of `X-Tollgate-Lag`: how far the record is behind. */
  readonly lagSec: number | undefined;
  readonly body: unknown;
}

/** It has not arrived. */
export interface Unreached {
  readonly is: 'unreached';
  readonly why: string;
}

/** Nobody knows whether it has arrived. */
export interface Lost {
  readonly is: 'lost';
  readonly why: string;
}

/** A server answers a call after 30 s at the latest, unless it is set to more. */
const LIMIT_MS = 60_000;

/** Failed before anything of the request could be written. */
const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|bad port|ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|\w*SIGNATURE)$/;

export async function attempt(url: string, init: RequestInit): Promise<Attempt> {
  try {
    // A redirect is no answer of Tollgate, and the key is for nobody else.
    const response = await fetch(url, { ...init, redirect: 'manual', signal: limited(init.signal) });
    return answered(response, jsonOr(await response.text()));
  } catch (error) {
    return failed(error as Error);
  }
}

const answered = ({ status, headers }: Response, body: unknown): Answered => ({
  is: 'answered',
  status,
  retryAfterSec: seconds(headers.get('retry-after')),
  lagSec: seconds(headers.get('x-tollgate-lag')),
  body,
});

const limited = (interrupted: AbortSignal | null | undefined): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(LIMIT_MS), ...(interrupted ? [interrupted] : [])]);

function failed({ name, message, cause }: Error): Unreached | Lost {
  if (name === 'TimeoutError') return { is: 'lost', why: 'no answer in time' };
  const { code, message: because } = (cause ?? {}) as { readonly code?: unknown; readonly message?: string };
  const why = typeof code === 'string' ? code : (because ?? message);
  return { is: UNSENT.test(why) ? 'unreached' : 'lost', why };
}

function jsonOr(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

const seconds = (header: string | null): number | undefined =>
  header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
