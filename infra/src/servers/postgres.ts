import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { containerCommand } from './container.js';
import { firstAnswer } from './conversation.js';
import type { PostgresBinaries } from './find-binary.js';
import { findPrograms } from './find-programs.js';
import { freePort } from './free-port.js';
import { clearStaleLock, DATABASE, ensureCluster, fittingPostgres, USER } from './postgres-cluster.js';
import { chooseIdentity, invoke } from './postgres-identity.js';
import { runServer } from './private-server.js';
import type { PrivateServer, PrivateServerOptions } from './private-server.js';
import type { Program } from './program.js';
import { keptSecret, newPassword } from './secret-file.js';
import type { ServerCommand } from './server-process.js';

type Command = Pick<ServerCommand, 'command' | 'args' | 'uid' | 'gid'>;

export interface PostgresOptions extends PrivateServerOptions {
  /** Of which installation new data are; default: the preferred one. Data that are there say themselves what reads them. */
  readonly binaries?: PostgresBinaries;
}

/** A Postgres with its data and credentials in `dir`; reachable by password on 127.0.0.1 only, without Unix sockets. */
export async function startPostgres(dir: string, options: PostgresOptions = {}): Promise<PrivateServer> {
  const folder = resolve(dir);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711); // Postgres may run as another account; what is secret in here is 0600 by itself
  const program = options.program ?? (await findPrograms(['postgres'], () => undefined)).postgres;
  const port = options.port ?? (await freePort());
  const password = await keptSecret(join(folder, 'password'), newPassword);
  const command =
    program.kind === 'binary'
      ? await binaryCommand(folder, port, password, options.binaries)
      : postgresContainer(program, folder, port);
  return runServer(
    'postgres',
    port,
    `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    { name: 'postgres', ...command, logFile: join(folder, 'postgres.log'), stopSignal: 'SIGINT' },
    async () => (await firstAnswer(port, startupMessage()))?.startsWith('R') ?? false,
  );
}

async function binaryCommand(
  folder: string,
  port: number,
  password: string,
  wanted?: PostgresBinaries,
): Promise<Command> {
  const binaries = await fittingPostgres(join(folder, 'data'), wanted && [wanted]);
  const identity = chooseIdentity(join(binaries.folder, 'postgres'), folder);
  const data = await ensureCluster(folder, binaries, identity, password);
  await clearStaleLock(data);
  return invoke(identity, join(binaries.folder, 'postgres'), ['-D', data, ...settings(port)]);
}

function settings(port: number): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    log_statement: 'none',
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

export function postgresContainer(
  program: Extract<Program, { kind: 'container' }>,
  folder: string,
  port: number,
): Command {
  return containerCommand({
    docker: program.docker,
    image: program.image,
    folder,
    port,
    args: ['-c', `port=${port}`],
    env: {
      PGDATA: join(folder, 'data'),
      POSTGRES_USER: USER,
      POSTGRES_DB: DATABASE,
      POSTGRES_PASSWORD_FILE: join(folder, 'password'),
      POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --locale=C',
    },
  });
}

/** The first message of the protocol, version 3.0. Answered by `R` (how to authenticate) as soon as it is ready. */
export function startupMessage(): Buffer {
  const words = Buffer.from(`user\0${USER}\0database\0${DATABASE}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + words.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, words]);
}
