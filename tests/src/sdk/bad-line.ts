import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one request: its answer is lost, or it is under way until the promise resolves. */
type Fate = { readonly kind: 'answer-lost' } | { readonly kind: 'held'; readonly until: Promise<void> };

/** Between clients and gateways: passes requests on as they are, and does to some of them what a bad line does. */
export class BadLine {
  /** Paths of the requests whose connection broke before an answer was through. */
  readonly broken: string[] = [];
  /** Every request that came, as `METHOD /path`. */
  readonly asked: string[] = [];
  private readonly fates: { readonly path: string; readonly fate: Fate }[] = [];

  private constructor(
    private readonly server: Server,
    private readonly gateway: () => string,
  ) {}

  /** `gateway` says for each request where it goes. */
  static async start(gateway: () => string): Promise<BadLine> {
    const server = createServer();
    const line = new BadLine(server, gateway);
    server.on('request', (incoming, response) => void line.pass(incoming, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get base(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The gateway has answered the next request of this path; the client's connection breaks all the same. */
  loseAnswer(path: string): void {
    this.fates.push({ path, fate: { kind: 'answer-lost' } });
  }

  /** The next request of this path does not arrive before the promise resolves. */
  hold(path: string, until: Promise<void>): void {
    this.fates.push({ path, fate: { kind: 'held', until } });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const path = (incoming.url ?? '').replace('/v1', '');
    const index = this.fates.findIndex((one) => one.path === path);
    const fate = index < 0 ? undefined : this.fates.splice(index, 1)[0]?.fate;
    if (fate?.kind === 'held') await fate.until;
    const target = new URL(this.gateway());
    const { method, url, headers } = incoming;
    const outgoing = request({ host: target.hostname, port: target.port, method, path: url, headers, agent: false });
    const breaks = (): void => {
      this.broken.push(path);
      response.destroy();
      outgoing.destroy();
    };
    outgoing.once('error', breaks);
    outgoing.once('response', (answer) => {
      if (fate?.kind === 'answer-lost') return void answer.resume().once('end', breaks);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.once('error', breaks).pipe(response);
    });
    // A client that hangs up is gone for the gateway, too.
    response.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}
