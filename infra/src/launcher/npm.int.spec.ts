import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../servers/index.js';
import { Launched, pidsOf, statusOf, untilNoneLives } from './launched.js';
import type { Where } from './launched.js';

const NPM_START = ['npm', 'start', '--'] as const;

describe('the npm that runs it', () => {
  let where: Where;
  beforeEach(async () => {
    where = { data: await mkdtemp(join(tmpdir(), 'tollgate-npm-')), port: await freePort() };
  });
  afterEach(() => rm(where.data, { recursive: true, force: true }));

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ended by %s takes everything with it within 10 s',
    async (signal) => {
      const npm = await new Launched(where, [], NPM_START).ready();
      const pids = pidsOf(await statusOf(where));
      expect(pids).not.toEqual([]);
      await npm.end(signal);
      expect(await untilNoneLives(pids, 10_000)).toEqual([]);
    },
    90_000,
  );
});
