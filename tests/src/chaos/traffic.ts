import type { Answer, Installation } from '../harness/index.js';

/** One request of a client; it was answered, or its connection broke, or the client gave up waiting. */
export interface Asked {
  readonly runId: string;
  readonly n: number;
  answer: Answer | undefined;
}

const EVERY_MS = 30;
const AT_ONCE = 300;
const HANGS_UP_MS = 10_000;
const AGAIN_MS = 200;
const GIVES_UP_MS = 60_000;
/** Every so many clients want what another has just asked for. */
const REPEATED = 5;

/**
 * Clients that come at their own pace, whatever becomes of those before them, and repeat a call until it is answered; some
 * want what another wants, too. Each request has a run of its own, so that it is known again in CALLS.
 */
export class Traffic {
  readonly asked: Asked[] = [];
  /** Clients who were answered for good. */
  answered = 0;
  private came = 0;
  private readonly waiting = new Set<Promise<void>>();
  private readonly unhappy: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly tollgate: Installation,
    private readonly agent: string,
    private readonly tool: string,
    everyMs = EVERY_MS,
  ) {
    this.timer = setInterval(() => {
      if (this.waiting.size < AT_ONCE) this.comes(this.came++);
    }, everyMs);
  }

  /** Nobody else comes; those who have come are answered. Answers the clients who were not. */
  async stop(): Promise<readonly number[]> {
    clearInterval(this.timer);
    await Promise.all(this.waiting);
    return this.unhappy;
  }

  private comes(client: number): void {
    const n = client % REPEATED === REPEATED - 1 ? client - 1 : client;
    const served = this.serve(client, n).finally(() => this.waiting.delete(served));
    this.waiting.add(served);
  }

  private async serve(client: number, n: number): Promise<void> {
    const until = Date.now() + GIVES_UP_MS;
    for (let attempt = 0; Date.now() < until; attempt++) {
      const asked: Asked = { runId: `${this.agent}-${client}-${attempt}`, n, answer: undefined };
      this.asked.push(asked);
      asked.answer = await this.ask(asked, client + attempt).catch(() => undefined);
      if (asked.answer !== undefined && isFinal(asked.answer)) {
        this.answered += 1;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    this.unhappy.push(client);
  }

  private async ask({ runId, n }: Asked, place: number): Promise<Answer> {
    const { gateways } = this.tollgate;
    const api = this.tollgate.apiOf(gateways[place % Math.max(1, gateways.length)]);
    const body = { agent_id: this.agent, tool: this.tool, args: { n }, run_id: runId };
    return api.send('POST', '/v1/ai/run', { body, signal: AbortSignal.timeout(HANGS_UP_MS) });
  }
}

/** 503 and a call that still runs are to be repeated (contract 0 and 3.1). */
const isFinal = ({ status, body }: Answer): boolean => status !== 503 && body?.detail?.error !== 'in_progress';
