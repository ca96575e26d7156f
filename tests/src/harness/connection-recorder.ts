import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes where to before each connection is tried; loaded into a process before anything else. */
const RECORDER = `
import { Socket } from 'node:net';
import { appendFileSync } from 'node:fs';
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const { port = first, path } = typeof first === 'object' ? first : {};
  appendFileSync(process.env.TEST_CONNECTIONS_FILE, (path ?? port) + '\\n');
  return connect.apply(this, args);
};`;

/** Where a process tries to connect to, whether or not anybody listens there. */
export class ConnectionRecorder {
  private readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'connections.txt');
  }

  /** For the environment of the process. */
  get env(): Record<string, string> {
    const module = `data:text/javascript,${encodeURIComponent(RECORDER)}`;
    return { NODE_OPTIONS: `--import=${module}`, TEST_CONNECTIONS_FILE: this.file };
  }

  /** Ports, or paths of local sockets; each once. */
  async targets(): Promise<readonly string[]> {
    const lines = (await readFile(this.file, 'utf8')).split('\n').filter(Boolean);
    return [...new Set(lines)];
  }
}
