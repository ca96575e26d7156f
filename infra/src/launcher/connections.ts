import { rm } from 'node:fs/promises';
import { writeSecretFile } from '../servers/index.js';
import { SERVER_VARIABLES } from './servers.js';

const SHARED = [...Object.values(SERVER_VARIABLES), 'TOLLGATE_SEALING_KEYS', 'TOLLGATE_SEALING_KEY_FILE'];

/**
 * How to reach what runs, as `NAME="value"` lines for the command line tool and for people (`process.loadEnvFile`, or
 * `. connections.env` in a shell). There while it runs.
 */
export async function writeConnections(file: string, services: NodeJS.ProcessEnv, api: string): Promise<void> {
  const set = SHARED.flatMap((name) => (services[name] ? [[name, services[name]]] : []));
  const lines = [...set, ['TOLLGATE_URL', api]].map(([name, value]) => `${name}="${value}"\n`);
  await writeSecretFile(file, lines.join(''));
}

export async function removeConnections(file: string): Promise<void> {
  await rm(file, { force: true });
}
