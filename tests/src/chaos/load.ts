import type { Answer } from '../harness/index.js';

/** One action that a client wants done: it repeats the same call until it is answered. */
export interface Wish {
  readonly n: number;
  /** Every answer it got; a connection that broke is none. */
  readonly answers: readonly Answer[];
  /** The one it was satisfied with. */
  readonly last: Answer | undefined;
}

const PAUSE_MS = 100;
const GIVE_UP_MS = 40_000;

/** Clients that call one after the other, each with another `n`, and repeat what was refused for the moment. */
export class Load {
  private readonly done: Wish[] = [];
  private next = 0;
  private stopping = false;
  private readonly clients: Promise<void>[];

  private constructor(
    clients: number,
    private readonly call: (n: number) => Promise<Answer>,
  ) {
    this.clients = Array.from({ length: clients }, () => this.client());
  }

  static start(clients: number, call: (n: number) => Promise<Answer>): Load {
    return new Load(clients, call);
  }

  /** Wishes that were answered for good. */
  get answered(): number {
    return this.done.length;
  }

  /** Each client finishes what it is about; nothing new is begun. */
  async stop(): Promise<readonly Wish[]> {
    this.stopping = true;
    await Promise.all(this.clients);
    return this.done;
  }

  private async client(): Promise<void> {
    while (!this.stopping) this.done.push(await this.fulfil(this.next++));
  }

  private async fulfil(n: number): Promise<Wish> {
    const answers: Answer[] = [];
    const until = Date.now() + GIVE_UP_MS;
    while (Date.now() < until) {
      const answer = await this.call(n).catch(() => undefined);
      if (answer !== undefined) answers.push(answer);
      if (answer !== undefined && isFinal(answer)) return { n, answers, last: answer };
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return { n, answers, last: undefined };
  }
}

/** 503 and a call that still runs are to be repeated (contract 0 and 3.1). */
const isFinal = ({ status, body }: Answer): boolean => status !== 503 && body?.detail?.error !== 'in_progress';
