import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SelfSigned } from './self-signed.js';

/** What the tool does with its nth request (from 1), byte by byte if it likes. */
export type Script = (socket: Socket, nth: number) => void;

/** A tool on loopback that says exactly what a spec wants on the wire, broken answers included. */
export class ScriptedTool {
  readonly requests: string[] = [];
  readonly sockets: Socket[] = [];
  /** The pieces that arrived, one a read. */
  readonly reads: Buffer[] = [];
  readonly #server: Server;

  private constructor(script: Script, identity: SelfSigned | undefined) {
    const onSocket = (socket: Socket): void => this.#serve(socket, script);
    this.#server = identity === undefined ? createTcpServer(onSocket) : createTlsServer({ ...identity }, onSocket);
    if (identity !== undefined) this.#server.on('connection', (socket: Socket) => this.sockets.push(socket));
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(script: Script, identity?: SelfSigned): Promise<ScriptedTool> {
    const tool = new ScriptedTool(script, identity);
    await new Promise<void>((resolve) => tool.#server.listen(0, '127.0.0.1', resolve));
    return tool;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?x=1`;
  }

  /** All that has arrived. */
  get received(): string {
    return Buffer.concat(this.reads).toString();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket, script: Script): void {
    if (!this.sockets.includes(socket)) this.sockets.push(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.reads.push(chunk);
      text += chunk.toString('latin1');
      if (!isComplete(text)) return;
      this.requests.push(text);
      text = '';
      script(socket, this.requests.length);
    });
  }
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return end >= 0 && text.length >= end + 4 + length;
}

/** An answer with its length, and more header lines if wanted. */
export function answer(status: number, body: string | Buffer = '', ...headers: string[]): Buffer {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status} X`, `Content-Length: ${bytes.length}`, ...headers].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]);
}
