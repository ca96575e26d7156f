import type { ChildProcess } from 'node:child_process';
import { whyNotListen } from './free-port.js';
import { spawnServer, stopProcess, untilReady } from './server-process.js';
import type { ServerCommand } from './server-process.js';
import type { Program, ServerName } from './program.js';

export interface PrivateServer {
  readonly name: ServerName;
  readonly pid: number;
  readonly port: number;
  /** `host:port`, fit to be shown. */
  readonly address: string;
  /** With credentials: never on a command line, never in a log. */
  readonly url: string;
  readonly process: ChildProcess;
  /** In good order; by force when that takes too long. */
  stop(): Promise<void>;
}

export interface PrivateServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: what `findPrograms` finds. */
  readonly program?: Program;
}

export async function runServer(
  name: ServerName,
  port: number,
  url: string,
  command: ServerCommand,
  probe: () => Promise<boolean>,
): Promise<PrivateServer> {
  // A probe would take an answer of whoever has the port for one of ours.
  const taken = await whyNotListen('127.0.0.1', port);
  if (taken !== undefined) throw new Error(`${name} cannot listen on 127.0.0.1:${port} (${taken.code})`);
  const child = spawnServer(command);
  await untilReady(child, command, probe);
  return {
    name,
    pid: child.pid as number,
    port,
    address: `127.0.0.1:${port}`,
    url,
    process: child,
    stop: () => stopProcess(child, command.stopSignal),
  };
}
