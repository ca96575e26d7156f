import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../contract/installed.js';
import { Guide } from './guide.js';
import { policies } from './policies.js';
import { quickStart } from './quick-start.js';
import { safeSettings, safeSetup } from './safe-setup.js';

/** Every block of the pages for agent developers, run as it stands, against one live Tollgate. */
describe('guides', () => {
  const tollgate = installed({ env: safeSettings() });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-guides-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const guideTo = (page: string): Guide => new Guide(page, tollgate, () => folder);

  describe('docs/quick-start.md', () => quickStart(guideTo('quick-start.md')));
  describe('docs/safe-setup.md', () => safeSetup(guideTo('safe-setup.md')));
  describe('docs/policies.md', () => policies(guideTo('policies.md')));
});
