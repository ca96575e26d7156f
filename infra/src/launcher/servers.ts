import { findPrograms, freePort, MissingServersError, startNats, startPostgres, startRedis } from '../servers/index.js';
import type { PrivateServer, Program, ServerName } from '../servers/index.js';
import type { DataFolder } from './data-folder.js';
import { Keeper } from './keeper.js';
import { LaunchError } from './launch-error.js';
import type { Print } from './progress.js';

/** The variable that says where a server of one's own is; with it set none is started. */
export const SERVER_VARIABLES: Readonly<Record<ServerName, string>> = {
  nats: 'NATS_URL',
  redis: 'REDIS_URL',
  postgres: 'DATABASE_URL',
};

const START = { nats: startNats, redis: startRedis, postgres: startPostgres };

/** Those without an address in the environment. */
export function privateServers(environment: NodeJS.ProcessEnv): readonly ServerName[] {
  return (['nats', 'redis', 'postgres'] as const).filter((name) => !environment[SERVER_VARIABLES[name]]);
}

export async function programsFor(names: readonly ServerName[], note: Print): Promise<Record<ServerName, Program>> {
  try {
    return await findPrograms(names, note);
  } catch (error) {
    if (!(error instanceof MissingServersError)) throw error;
    const [why, ...whatToDo] = error.message.split('\n');
    throw new LaunchError(why as string, whatToDo.join('\n'), { cause: error });
  }
}

/** A server that comes back at the same address when it ends. */
export async function serverKeeper(
  name: ServerName,
  program: Program,
  folder: DataFolder,
  print: Print,
  onChange: () => void,
): Promise<Keeper<PrivateServer>> {
  const port = await freePort();
  const launch = (): Promise<PrivateServer> => START[name](folder[name], { program, port });
  return new Keeper({ name, launch, print, onChange });
}

/** Where the servers are, without credentials. */
export function summaryOf(keepers: readonly Keeper<PrivateServer>[], environment: NodeJS.ProcessEnv): string {
  const own = keepers.map(({ name, current }) => `${name} ${current?.address ?? 'gone'}`);
  const given = Object.entries(SERVER_VARIABLES).filter(([, variable]) => environment[variable]);
  return [...own, ...given.map(([name, variable]) => `${name} from ${variable}`)].join(' · ');
}
