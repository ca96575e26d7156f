import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the tool. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: { readonly call_id: string; readonly args: unknown; readonly idempotency_key: string } & Readonly<
    Record<string, unknown>
  >;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type Behaviour = (received: Received, response: ServerResponse) => void | Promise<void>;

export const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Behaviour =>
  (_received, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

/** Takes the request and never answers. */
export const hang: Behaviour = () => undefined;
/** Takes the request and drops the connection. */
export const drop: Behaviour = (_received, response) => {
  response.destroy();
};

/** A real HTTP tool that keeps what reached it: the only witness of what was really done. */
export class ToolServer {
  readonly received: Received[] = [];
  private readonly behaviours = new Map<string, Behaviour>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ToolServer> {
    const server = createServer();
    const tool = new ToolServer(server);
    server.on('request', (request, response) => void tool.take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return tool;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${path}`;
  }

  /** What the tool at this path does from now on; by default it answers `{"n": how many it has received}`. */
  on(path: string, behaviour: Behaviour): void {
    this.behaviours.set(`/${path}`, behaviour);
  }

  /** Idle connections are kept for so long, and its answers say so; Node closes them after 5 s. */
  keepConnections(ms: number): void {
    this.server.keepAliveTimeout = ms;
  }

  at(path: string): Received[] {
    return this.received.filter((one) => one.path === `/${path}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let raw = '';
    for await (const chunk of request.setEncoding('utf8')) raw += chunk;
    const path = request.url ?? '/';
    const received = { path, headers: request.headers, raw, body: parsed(raw), at: Date.now() };
    this.received.push(received);
    const behaviour = this.behaviours.get(path) ?? answer(200, { n: this.at(path.slice(1)).length });
    await behaviour(received, response);
  }
}

function parsed(raw: string): Received['body'] {
  return (raw === '' ? {} : JSON.parse(raw)) as Received['body'];
}
