import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 5_000;
const TRIES = 6;
/** A call that still runs, too many requests, a server that cannot answer at the moment. */
const COME_BACK = new Set([409, 429, 503]);

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly key?: string | undefined;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The connection dropped or nothing came in time: whether the request was acted on is not known. */
export class NoAnswer extends Error {}

/** @throws NoAnswer */
export async function send({ method = 'POST', url, key, body }: ApiRequest): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  } catch (error) {
    throw new NoAnswer(`${method} ${url} was not answered`, { cause: error });
  }
}

/**
 * What every careful client does: no answer, so ask again. Whether that acts twice is up to the other side.
 * @throws NoAnswer when all tries went unanswered
 */
export async function sendUntilAnswered(request: ApiRequest): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await answerOrLost(request, tries === TRIES);
    if (answer !== undefined && (isFinal(answer) || tries === TRIES)) return answer;
    await sleep(answer === undefined ? 100 : Number(answer.headers.get('retry-after') ?? 1) * 1000);
  }
}

/** A read that says it lags behind does not show everything yet. */
function isFinal({ status, headers }: Answer): boolean {
  return !COME_BACK.has(status) && !headers.has('x-tollgate-lag');
}

async function answerOrLost(request: ApiRequest, isLast: boolean): Promise<Answer | undefined> {
  try {
    return await send(request);
  } catch (error) {
    if (error instanceof NoAnswer && !isLast) return undefined;
    throw error;
  }
}
