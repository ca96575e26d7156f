import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LaunchError } from './launch-error.js';
import { lockFolder } from './lock.js';
import { identityOf } from './process-identity.js';

describe('the lock of a data folder', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps a second launcher out, names the first, and lets the next in afterwards', async () => {
    const lock = await lockFolder(file);
    const second = await lockFolder(file).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(LaunchError);
    expect(second).toMatchObject({ whatToDo: expect.stringContaining(`kill ${process.pid}`) });
    await lock.release();
    await (await lockFolder(file)).release();
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, since: '1' })],
    ['whose number is another process by now', JSON.stringify({ ...identityOf(process.pid), since: 'earlier' })],
    ['that was cut off in writing', '{"pi'],
  ])('is no obstacle when it is one %s', async (_, text) => {
    await writeFile(file, text);
    await (await lockFolder(file)).release();
  });
});
