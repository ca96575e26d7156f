import type { Json } from '../contract/json.js';
import { Reference } from '../harness/reference.js';

/** What every SDK does unless told otherwise. */
const TIMEOUT_MS = 5_000;
const REPEATED = new Set([429, 500, 502, 503, 504]);
const FIRST_BACKOFF_SEC = 0.5;
const MAX_BACKOFF_SEC = 5;

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly retryAfter: string | null;
}

/** One request and what became of it. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** Undefined where no answer came: too late for the client, or the connection broke. */
  readonly answer: Answered | undefined;
  /** Milliseconds since the process began. */
  readonly began: number;
  readonly ended: number;
}

/** A server's refusal, as SDKs raise it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly detail: Json,
  ) {
    super(`${status} ${JSON.stringify(detail)}`);
  }

  get code(): string {
    return this.detail?.error ?? '';
  }
}

/** No answer: the request may have been done, or not. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Sends, waits 5 s, repeats any method with the same bytes, and sleeps exactly what `Retry-After` says. */
export class Transport {
  readonly exchanges: Exchange[] = [];
  private readonly reference = new Reference();

  constructor(
    private readonly base: string,
    private readonly key: string,
    private readonly repeats: number,
  ) {}

  async send(method: string, path: string, body?: object): Promise<Json> {
    for (let attempt = 0; ; attempt += 1) {
      const { answer } = await this.once(method, path, body);
      const isLast = attempt >= this.repeats;
      if (answer === undefined && isLast) throw new ConnectionError(`${method} ${path} had no answer`);
      if (answer !== undefined && (isLast || !REPEATED.has(answer.status))) return bodyOrError(answer);
      const told = Number(answer?.retryAfter ?? NaN);
      await slept(Number.isFinite(told) ? told : Math.min(MAX_BACKOFF_SEC, FIRST_BACKOFF_SEC * 2 ** attempt));
    }
  }

  /** The address is put together as it is: names in it are not encoded. */
  private async once(method: string, path: string, body: object | undefined): Promise<Exchange> {
    const began = performance.now();
    const request = {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const answer = await fetch(`${this.base}/v1${path}`, request).then(read, () => undefined);
    const exchange = { method, path, answer, began, ended: performance.now() };
    this.exchanges.push(exchange);
    if (answer !== undefined) this.reference.check(method, `/v1${path}`, answer);
    return exchange;
  }
}

async function read(response: Response): Promise<Answered | undefined> {
  const text = await response.text().catch(() => undefined);
  if (text === undefined) return undefined;
  const { status, headers } = response;
  return { status, headers, body: JSON.parse(text) as Json, retryAfter: headers.get('retry-after') };
}

function bodyOrError({ status, body }: { readonly status: number; readonly body: Json }): Json {
  if (status >= 200 && status < 300) return body;
  throw new ApiError(status, body.detail);
}

export const slept = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds * 1_000)));
