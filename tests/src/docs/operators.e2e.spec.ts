import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSealingKey, mintSealingKey } from '@tollgate/sealing';
import { installed } from '../contract/installed.js';
import { Guide } from './guide.js';
import { pathWithNpx } from './npx.js';
import { operations } from './operations.js';
import { plans, planSettings } from './plans.js';
import type { Env } from './run-file.js';

/** Pages for whoever runs an installation: what of them can be run here, against one that is live. */
describe('guides for operators', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-operators-'));
  const keyFile = join(folder, 'sealing-keys');
  writeFileSync(keyFile, `${formatSealingKey(mintSealingKey())}\n`, { mode: 0o600 });
  // Empty counts as not set: the file is what counts.
  const keys = { TOLLGATE_SEALING_KEYS: '', TOLLGATE_SEALING_KEY_FILE: keyFile };
  const tollgate = installed({ env: { ...planSettings(folder), ...keys } });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const around = async (): Promise<Env> => {
    const { NATS_URL = '', DATABASE_URL = '' } = tollgate().env;
    return { PATH: await pathWithNpx(folder), NATS_URL, DATABASE_URL, ...keys };
  };
  const guideTo = (page: string): Guide => new Guide(page, tollgate, () => folder);

  describe('docs/plans.md', () => plans(guideTo('plans.md'), around));
  describe('docs/operations.md', () => operations(guideTo('operations.md'), { around, keyFile }));
});
