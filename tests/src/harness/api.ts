import { Reference } from './reference.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or the text where it is none; a test looks into it as it likes. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface Sent {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

let made: Reference | undefined;
const reference = (): Reference => (made ??= new Reference());

/** An API key's view of a gateway: plain fetch, no client library. */
export class Api {
  constructor(
    readonly base: string,
    readonly key: string | undefined,
  ) {}

  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(sent.signal === undefined ? {} : { signal: sent.signal }),
    });
    const answer = { status: response.status, headers: response.headers, body: json(await response.text()) };
    reference().check(method, path, answer);
    return answer;
  }

  get = (path: string, sent?: Sent): Promise<Answer> => this.send('GET', path, sent);
  post = (path: string, body?: unknown, headers: Sent['headers'] = {}): Promise<Answer> =>
    this.send('POST', path, { body, headers });
  put = (path: string, body?: unknown): Promise<Answer> => this.send('PUT', path, { body });
  delete = (path: string): Promise<Answer> => this.send('DELETE', path);

  /** One governed call. */
  run = (body: Readonly<Record<string, unknown>>, headers: Sent['headers'] = {}): Promise<Answer> =>
    this.post('/v1/ai/run', body, headers);

  as(key: string | undefined): Api {
    return new Api(this.base, key);
  }
}

function json(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
