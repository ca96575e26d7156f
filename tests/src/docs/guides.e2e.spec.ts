import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../contract/installed.js';
import { DOCS } from './code-blocks.js';
import { commandLine } from './command-line.js';
import { Guide } from './guide.js';
import { idempotencyAndLeases } from './idempotency-and-leases.js';
import { policies } from './policies.js';
import { quickStart } from './quick-start.js';
import { safeSettings, safeSetup } from './safe-setup.js';
import { subscribing } from './subscribing.js';

/** Every block of the pages for developers, run as it stands, against one live Tollgate. */
describe('guides', () => {
  const tollgate = installed({ env: safeSettings() });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-guides-'));
    // As after the npm install that a page asks for.
    await symlink(join(DOCS, '../node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const guideTo = (page: string): Guide => new Guide(page, tollgate, () => folder);

  describe('docs/quick-start.md', () => quickStart(guideTo('quick-start.md')));
  describe('docs/safe-setup.md', () => safeSetup(guideTo('safe-setup.md')));
  describe('docs/policies.md', () => policies(guideTo('policies.md')));
  describe('docs/idempotency-and-leases.md', () => idempotencyAndLeases(guideTo('idempotency-and-leases.md')));
  describe('docs/subscribing.md', () => subscribing(guideTo('subscribing.md')));
  describe('docs/command-line.md', () => commandLine(guideTo('command-line.md')));
});
