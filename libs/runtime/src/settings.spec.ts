import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptionOf, loadSettings, settingNames, variableOf } from './settings.js';
import { settingsReferenceIsCurrent } from './settings-reference.js';
import { SettingsError } from './settings-error.js';

const key = Buffer.alloc(32, 7);
const complete = {
  NATS_URL: 'nats://tollgate:secret@localhost:4222',
  REDIS_URL: 'redis://localhost:6379',
  DATABASE_URL: 'postgres://localhost/tollgate',
  TOLLGATE_SEALING_KEYS: `k1:${key.toString('base64')}`,
};

function complaints(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.complaints;
    throw error;
  }
  return [];
}

function keyFile(mode: number): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tollgate-keys-')), 'keys');
  writeFileSync(path, `k2:${key.toString('base64')}\n`);
  chmodSync(path, mode);
  return path;
}

describe('the settings', () => {
  it('have a default for everything but the three servers and the key', () => {
    expect(loadSettings(complete)).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      sealing: 'on',
      sealingKeys: [{ id: 'k1', key }],
      partitions: 1,
      toolAddresses: 'public',
      waitLimitMs: 30_000,
      callDeadlineMs: 900_000,
      noPolicyAdmin: 'allow',
      unknownTools: 'accept',
      logLevel: 'info',
      faults: [],
    });
  });

  it('take an empty variable for one that is not set', () => {
    expect(loadSettings({ ...complete, PORT: '', TOLLGATE_ADMIN_KEY: ' ' })).toMatchObject({ port: 8080 });
  });

  it('name everything that is wrong at once, and what it should be', () => {
    expect(complaints({ NATS_URL: 'http://x', TOLLGATE_PARTITIONS: '17', PORT: '0x10' })).toEqual([
      'NATS_URL must be a nats:// or tls:// URL; it is something else',
      'REDIS_URL must be a redis:// or rediss:// URL; it is not set',
      'DATABASE_URL must be a postgres:// URL; it is not set',
      'PORT must be a whole number from 0 to 65535; it is something else',
      'TOLLGATE_PARTITIONS must be a whole number from 1 to 16; it is something else',
      expect.stringContaining('TOLLGATE_SEALING_KEYS or TOLLGATE_SEALING_KEY_FILE must be set'),
    ]);
  });

  it.each(settingNames.map((name) => [variableOf(name)]))('never say the value of %s', (variable) => {
    const said = complaints({ ...complete, TOLLGATE_SEALING_KEYS: '', [variable]: 'canary:\u0000canary' });
    expect(said.join()).not.toContain('canary');
  });

  it('take the sealing keys from a file that only its owner may read', () => {
    const withFile = (path: string) => ({ ...complete, TOLLGATE_SEALING_KEYS: '', TOLLGATE_SEALING_KEY_FILE: path });
    expect(loadSettings(withFile(keyFile(0o600))).sealingKeys).toEqual([{ id: 'k2', key }]);
    expect(complaints(withFile(keyFile(0o644)))).toEqual([
      'TOLLGATE_SEALING_KEY_FILE must name a file of sealing keys: others than its owner may read it (chmod 600)',
    ]);
    expect(complaints(withFile('/nowhere/at/all'))[0]).toContain('ENOENT');
    expect(complaints({ ...complete, TOLLGATE_SEALING_KEYS: '' })[0]).toContain(
      'TOLLGATE_SEALING_KEY_FILE must be set',
    );
  });

  it('are all described, each under a name of its own', () => {
    expect(new Set(settingNames.map(variableOf)).size).toBe(settingNames.length);
    for (const name of settingNames) expect(descriptionOf(name).description).not.toBe('');
  });

  it('are what docs/settings.md says (npm run docs:settings)', () => {
    expect(settingsReferenceIsCurrent()).toBe(true);
  });
});
