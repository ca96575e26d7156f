import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { savedTo } from './key-file.js';

describe('the file of a new key', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-key-'));
    file = join(folder, 'billing.key');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is there before the key, for its owner only', async () => {
    await savedTo(file, () => {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      return Promise.resolve({ key: 'tg_live_x' });
    });
    expect(readFileSync(file, 'utf8')).toBe('tg_live_x\n');
  });

  it('is never written over, and no key is made then', async () => {
    writeFileSync(file, 'another');
    const make = () => Promise.reject(new Error('a key was made'));
    await expect(savedTo(file, make)).rejects.toThrow('is there already');
    expect(readFileSync(file, 'utf8')).toBe('another');
  });

  it('is gone when there is no key', async () => {
    await expect(savedTo(file, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(existsSync(file)).toBe(false);
  });
});
