import { createHash } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './launch-error.js';

const DEFAULT_FOLDER = fileURLToPath(new URL('../../../.tollgate', import.meta.url));

/** Everything that the launcher keeps, and where. */
export interface DataFolder {
  readonly path: string;
  readonly nats: string;
  readonly redis: string;
  readonly postgres: string;
  readonly logs: string;
  /** Which launcher uses the folder. */
  readonly lock: string;
  /** What runs now; read by --status and by the next start. */
  readonly run: string;
  /** How to reach what runs. */
  readonly connections: string;
  readonly sealingKeys: string;
  readonly sampleTool: string;
  /** There once the first start of this installation has been completed. */
  readonly setup: string;
  /** The minted admin key, only between the beginning and the end of the first start. */
  readonly firstAdminKey: string;
}

/** @param natsUrl of a server of one's own: its installation is another than that of the private servers */
export function dataFolder(path = DEFAULT_FOLDER, natsUrl?: string): DataFolder {
  const installation = natsUrl ? `-${nameOfInstallation(natsUrl)}` : '';
  const at = (name: string): string => join(resolve(path), name);
  return {
    path: resolve(path),
    nats: at('nats'),
    redis: at('redis'),
    postgres: at('postgres'),
    logs: at('logs'),
    lock: at('launcher.lock'),
    run: at('run.json'),
    connections: at('connections.env'),
    sealingKeys: at('sealing-keys'),
    sampleTool: at('sample-tool.json'),
    setup: at(`setup${installation}.json`),
    firstAdminKey: at(`first-admin-key${installation}`),
  };
}

function nameOfInstallation(natsUrl: string): string {
  const { host } = new URL(natsUrl);
  return createHash('sha256').update(host).digest('hex').slice(0, 12);
}

/** @throws LaunchError when nothing can be written there. */
export async function makeDataFolder(folder: DataFolder): Promise<void> {
  try {
    await mkdir(folder.path, { recursive: true });
    await chmod(folder.path, 0o711); // Postgres may run as another account; what is secret in here is 0600 by itself
    await mkdir(folder.logs, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const whatToDo = 'make that folder writable for this user, or keep the data elsewhere: npm start -- --data <dir>';
    throw new LaunchError(`cannot write to ${folder.path} (${code})`, whatToDo, { cause: error });
  }
}
