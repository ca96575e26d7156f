import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { attempt, type Answered, type Attempt } from './attempt.js';
import { callMayHaveArrived, nextStep, pauseOf, type Repeat } from './next-step.js';
import { Refusal, Unavailable } from './refusal.js';
import { refusalText } from './refusal-text.js';
import type { Server } from './server.js';

export interface Sending {
  /** `always` unless said otherwise: most of what there is may be repeated (contract section 0). */
  readonly repeat?: Repeat;
  readonly idempotencyKey?: string | undefined;
  /** Asks for an answer at once, also when what is asked for goes on (`Prefer: respond-async`). */
  readonly async?: boolean;
}

/** An API key's view of a server. Answers are taken for what the contract says they are. */
export class Api {
  constructor(
    readonly server: Server,
    private readonly say: (line: string) => void,
    private readonly interrupted?: AbortSignal,
  ) {}

  /** The same without patience and words: whoever follows has their own, and ends when they are told to. */
  following(interrupted: AbortSignal): Api {
    return new Api({ ...this.server, waitMs: 0 }, () => undefined, interrupted);
  }

  get = <T>(path: string): Promise<T> => this.asked('GET', path);
  post = <T>(path: string, body: object, sending: Sending = {}): Promise<T> => this.asked('POST', path, body, sending);
  put = <T>(path: string, body: object): Promise<T> => this.asked('PUT', path, body);
  delete = <T>(path: string): Promise<T> => this.asked('DELETE', path);

  /** A POST that makes something new each time: its repeats are known by a key. */
  create = <T>(path: string, body: object): Promise<T> => this.post(path, body, { idempotencyKey: randomUUID() });

  /** One attempt, whatever becomes of it. */
  try(method: string, path: string, body?: object, sending: Sending = {}): Promise<Attempt> {
    return attempt(`${this.server.base}${path}`, {
      method,
      signal: this.interrupted ?? null,
      headers: {
        authorization: `Bearer ${this.server.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headersOf(sending),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** @throws Refusal, Unavailable */
  private async asked<T>(method: string, path: string, body?: object, sending: Sending = {}): Promise<T> {
    const { status, lagSec, body: answer } = await this.answer(() => this.try(method, path, body, sending), sending);
    if (status < 200 || status >= 300) throw new Refusal(status, answer);
    if (lagSec !== undefined) this.say(`the record is ${lagSec} s behind: what is newer is missing here`);
    return answer as T;
  }

  private async answer(send: () => Promise<Attempt>, { repeat = 'always' }: Sending): Promise<Answered> {
    const until = Date.now() + this.server.waitMs;
    for (let time = 1; ; time += 1) {
      const tried = await send();
      const next = nextStep(tried, repeat, until - Date.now());
      if (next.then === 'take') return next.answer;
      if (next.then === 'stop') throw unavailable(tried, this.server.base);
      if (time === 1) this.say(`${whyNot(tried)}: trying again for up to ${this.server.waitMs / 1000} s`);
      await pause(next.afterMs);
    }
  }
}

const headersOf = ({ idempotencyKey, async }: Sending): Readonly<Record<string, string>> => ({
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` }),
  ...(async === true ? { prefer: 'respond-async' } : {}),
});

const whyNot = (tried: Attempt): string =>
  tried.is === 'answered' ? refusalText(tried.status, tried.body) : `the server does not answer (${tried.why})`;

function unavailable(tried: Attempt, base: string): Unavailable {
  const message = tried.is === 'unreached' ? `no server at ${base} (${tried.why})` : whyNot(tried);
  return new Unavailable(message, {
    body: tried.is === 'answered' ? tried.body : undefined,
    callMayHaveArrived: callMayHaveArrived(tried),
    afterMs: pauseOf(tried),
  });
}
