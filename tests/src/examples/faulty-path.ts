import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Passed {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
/** What becomes of an answer on its way back. */
export type Way = 'passed' | 'lost';

/** The network between an agent and a gateway: every request arrives; the test says what becomes of each answer. */
export class FaultyPath {
  readonly answers: Passed[] = [];
  private readonly server = createServer((request, response) => void this.take(request, response));

  private constructor(
    private readonly target: string,
    private readonly wayOf: (answer: Passed, at: number) => Way,
  ) {}

  static async start(target: string, wayOf: (answer: Passed, at: number) => Way): Promise<FaultyPath> {
    const path = new FaultyPath(target, wayOf);
    await new Promise<void>((resolve) => path.server.listen(0, '127.0.0.1', resolve));
    return path;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const passed = await this.pass(request);
    this.answers.push(passed);
    if (this.wayOf(passed, this.answers.length) === 'lost') {
      request.socket.resetAndDestroy();
      return;
    }
    const retryAfter = passed.headers.get('retry-after');
    response.writeHead(passed.status, retryAfter === null ? {} : { 'retry-after': retryAfter }).end(passed.text);
  }

  private async pass(request: IncomingMessage): Promise<Passed> {
    const { authorization = '', 'idempotency-key': key } = request.headers;
    const answered = await fetch(`${this.target}${request.url}`, {
      method: 'POST',
      headers: { authorization, ...(key === undefined ? {} : { 'idempotency-key': String(key) }) },
      body: await text(request),
    });
    return { status: answered.status, headers: answered.headers, text: await answered.text() };
  }
}
