import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installerPrefix } from './apt.js';
import { findBinary } from './find-binary.js';
import { findPrograms } from './find-programs.js';
import type { Machine } from './machine.js';
import { MissingServersError } from './missing-servers.js';

const ROOT = 0;
const PERSON = 1_000;

describe('the search for the programs of the servers', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const has = (name: string, ...script: string[]): void => {
    writeFileSync(at(name), ['#!/bin/sh', ...script, ''].join('\n'));
    chmodSync(at(name), 0o755);
  };
  /** Asks no password, and an installation by it brings nats-server. */
  const hasSudo = (installs: string): void => {
    has('apt-get');
    has('sudo', '[ "$2" = true ] && exit 0', `printf '%s ' "$@" > ${at('asked')}`, installs);
  };
  const machine = (uid = PERSON): Machine => ({
    uid,
    binary: (name) => findBinary(name, [folder]),
    postgres: () => undefined,
  });
  const nats = async (said: string[] = []) => (await findPrograms(['nats'], (line) => said.push(line), machine())).nats;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-programs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes what is on the machine, whatever else could be done', async () => {
    has('nats-server');
    hasSudo('exit 1');
    has('docker');
    const said: string[] = [];
    expect(await nats(said)).toEqual({ kind: 'binary', path: at('nats-server') });
    expect(said).toEqual([]);
  });

  it('else installs the package, before it thinks of containers', async () => {
    hasSudo(`cp ${at('sudo')} ${at('nats-server')}`);
    has('docker');
    const said: string[] = [];
    expect(await nats(said)).toEqual({ kind: 'binary', path: at('nats-server') });
    expect(said).toEqual(['installing nats-server with apt']);
    expect(readFileSync(at('asked'), 'utf8')).toMatch(/^-n \/bin\/sh -c [^]* install nats-server $/);
  });

  it('else runs containers, also when apt was tried and failed', async () => {
    hasSudo('exit 100');
    has('docker');
    const said: string[] = [];
    expect(await nats(said)).toEqual({ kind: 'container', docker: at('docker'), image: 'nats:2.10' });
    expect(said.at(-1)).toBe('using containers for nats');
  });

  it('runs containers only for what is missing', async () => {
    has('nats-server');
    has('docker');
    const programs = await findPrograms(['nats', 'redis', 'postgres'], () => undefined, machine());
    expect(Object.entries(programs).map(([name, { kind }]) => [name, kind])).toEqual([
      ['nats', 'binary'],
      ['redis', 'container'],
      ['postgres', 'container'],
    ]);
  });

  it('else ends with one message; a Docker client without its engine is no way', async () => {
    hasSudo('echo E: no network; exit 100');
    has('docker', 'exit 1');
    const refusal = await nats().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(MissingServersError);
    expect(refusal).toMatchObject({ missing: ['nats'], installFailure: 'E: no network' });
  });

  it('installs as root, or by a sudo that asks no password, or not at all', () => {
    expect(installerPrefix(machine(ROOT))).toBeUndefined(); // no apt-get
    has('apt-get');
    expect(installerPrefix(machine(ROOT))).toEqual([]);
    expect(installerPrefix(machine())).toBeUndefined(); // no sudo
    has('sudo', 'exit 1');
    expect(installerPrefix(machine())).toBeUndefined();
    has('sudo');
    expect(installerPrefix(machine())).toEqual([at('sudo'), '-n']);
  });
});
