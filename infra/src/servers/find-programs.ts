import { spawn, spawnSync } from 'node:child_process';
import { aptInstall, installerPrefix } from './apt.js';
import { THIS_MACHINE } from './machine.js';
import type { Machine } from './machine.js';
import { MissingServersError } from './missing-servers.js';
import { APT_PACKAGES, IMAGES } from './packages.js';
import type { Program, ServerName } from './program.js';

export type Say = (line: string) => void;

const BINARY = { nats: 'nats-server', redis: 'redis-server' } as const;

function findInstalled(name: ServerName, machine: Machine): Program | undefined {
  const path = name === 'postgres' ? machine.postgres() : machine.binary(BINARY[name]);
  return path === undefined ? undefined : { kind: 'binary', path };
}

/** A Docker client whose engine answers. */
function findDocker(machine: Machine): string | undefined {
  const docker = machine.binary('docker');
  if (docker === undefined) return undefined;
  const info = spawnSync(docker, ['info'], { stdio: 'ignore', timeout: 5_000 });
  return info.status === 0 ? docker : undefined;
}

/**
 * Finds each server's program: on the machine, else from the distribution's packages when they may be installed, else
 * as containers of a running Docker engine.
 * @throws MissingServersError with the commands that help, when there is no way.
 */
export async function findPrograms<Name extends ServerName>(
  names: readonly Name[],
  say: Say,
  machine = THIS_MACHINE,
): Promise<Record<Name, Program>> {
  const found = new Map<ServerName, Program>();
  const look = (): ServerName[] =>
    names.filter((name) => {
      const program = findInstalled(name, machine);
      if (program !== undefined) found.set(name, program);
      return program === undefined;
    });
  let missing = look();
  let failure: string | undefined;
  if (missing.length > 0) {
    failure = await installMissing(missing, say, machine);
    missing = look();
  }
  const docker = missing.length > 0 ? findDocker(machine) : undefined;
  if (docker !== undefined) {
    say(`using containers for ${missing.join(', ')}`);
    for (const name of missing)
      found.set(name, { kind: 'container', docker, image: await pulled(docker, IMAGES[name]) });
  } else if (missing.length > 0) {
    throw new MissingServersError(missing, failure);
  }
  return Object.fromEntries(found) as Record<Name, Program>;
}

/** Resolves to why apt failed, when it was tried and did. */
async function installMissing(missing: readonly ServerName[], say: Say, machine: Machine): Promise<string | undefined> {
  const prefix = installerPrefix(machine);
  if (prefix === undefined) return undefined;
  const packages = missing.map((name) => APT_PACKAGES[name]);
  say(`installing ${packages.join(', ')} with apt`);
  const { ok, output } = await aptInstall(prefix, packages);
  return ok ? undefined : output.trim().split('\n').slice(-3).join('\n');
}

/** The image, fetched beforehand: that may take longer than a server may take to start. */
async function pulled(docker: string, image: string): Promise<string> {
  if (spawnSync(docker, ['image', 'inspect', image], { stdio: 'ignore' }).status === 0) return image;
  const child = spawn(docker, ['pull', image], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`docker pull ${image} failed`);
  return image;
}
