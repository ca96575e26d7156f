import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { containerCommand, listenAddress } from './container.js';
import { firstAnswer } from './conversation.js';
import { findPrograms } from './find-programs.js';
import { freePort } from './free-port.js';
import { runServer } from './private-server.js';
import type { PrivateServer, PrivateServerOptions } from './private-server.js';
import { keptSecret, newPassword, writeSecretFile } from './secret-file.js';

const USER = 'tollgate';

/** A NATS server with JetStream, its store and credentials in `dir`. */
export async function startNats(dir: string, options: PrivateServerOptions = {}): Promise<PrivateServer> {
  const folder = resolve(dir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const program = options.program ?? (await findPrograms(['nats'], () => undefined)).nats;
  const port = options.port ?? (await freePort());
  const password = await keptSecret(join(folder, 'password'), newPassword);
  const config = join(folder, 'nats.conf');
  await writeSecretFile(config, natsConfig(listenAddress(program), port, password, join(folder, 'store')));
  const args = ['--config', config];
  const called =
    program.kind === 'binary'
      ? { command: program.path, args }
      : containerCommand({ ...program, entrypoint: 'nats-server', args, folder, port });
  return runServer(
    'nats',
    port,
    `nats://${USER}:${password}@127.0.0.1:${port}`,
    { name: 'nats', ...called, logFile: join(folder, 'nats.log'), stopSignal: 'SIGTERM' },
    async () => (await firstAnswer(port, ''))?.startsWith('INFO ') ?? false,
  );
}

export function natsConfig(listenOn: string, port: number, password: string, store: string): string {
  return [
    `listen: "${listenOn}:${port}"`,
    `server_name: "tollgate-${port}"`,
    `jetstream { store_dir: ${JSON.stringify(store)} }`,
    `authorization { user: "${USER}", password: "${password}" }`,
    '',
  ].join('\n');
}
