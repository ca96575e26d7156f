import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { containerCommand, listenAddress } from './container.js';
import { firstAnswer } from './conversation.js';
import { findPrograms } from './find-programs.js';
import { freePort } from './free-port.js';
import { runServer } from './private-server.js';
import type { PrivateServer, PrivateServerOptions } from './private-server.js';
import { keptSecret, newPassword, writeSecretFile } from './secret-file.js';

/** A Redis that keeps nothing: what it serves is a projection and comes back from the journals. */
export async function startRedis(dir: string, options: PrivateServerOptions = {}): Promise<PrivateServer> {
  const folder = resolve(dir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const program = options.program ?? (await findPrograms(['redis'], () => undefined)).redis;
  const port = options.port ?? (await freePort());
  const password = await keptSecret(join(folder, 'password'), newPassword);
  const config = join(folder, 'redis.conf');
  await writeSecretFile(config, redisConfig(listenAddress(program), port, password, folder));
  const called =
    program.kind === 'binary'
      ? { command: program.path, args: [config] }
      : containerCommand({ ...program, entrypoint: 'redis-server', args: [config], folder, port });
  return runServer(
    'redis',
    port,
    `redis://:${password}@127.0.0.1:${port}`,
    { name: 'redis', ...called, logFile: join(folder, 'redis.log'), stopSignal: 'SIGTERM' },
    async () => (await firstAnswer(port, `AUTH ${password}\r\n`))?.startsWith('+OK') ?? false,
  );
}

export function redisConfig(listenOn: string, port: number, password: string, folder: string): string {
  return [
    `bind ${listenOn}`,
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    `dir ${JSON.stringify(folder)}`,
    'daemonize no',
    '',
  ].join('\n');
}
