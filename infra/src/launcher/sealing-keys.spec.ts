import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder } from './data-folder.js';
import type { DataFolder } from './data-folder.js';
import { serviceEnvironment } from './environment.js';
import { completeSetup } from './first-start.js';
import { LaunchError } from './launch-error.js';
import { sealingKeyFile } from './sealing-keys.js';

describe('the sealing keys', () => {
  let folder: DataFolder;

  beforeEach(async () => {
    folder = dataFolder(await mkdtemp(join(tmpdir(), 'tollgate-sealing-')));
  });
  afterEach(() => rm(folder.path, { recursive: true, force: true }));

  it('are made on the first start, readable by their owner only, and stay the same', async () => {
    const file = await sealingKeyFile(folder, {});
    const made = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await completeSetup(folder);
    expect(await readFile(await sealingKeyFile(folder, {}), 'utf8')).toBe(made);
  });

  it('are not made anew when they are gone and data is there: the start is refused', async () => {
    const file = await sealingKeyFile(folder, {});
    await completeSetup(folder);
    await rm(file);
    const refusal = await sealingKeyFile(folder, {}).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LaunchError);
    expect(refusal).toMatchObject({
      why: expect.stringContaining(`the sealing keys are gone (${file})`),
      whatToDo: 'put the file back from your backup, or give up the data: npm start -- --reset',
    });
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('come from the environment when it has them: no file is made, and none is named to the services', async () => {
    const given = { TOLLGATE_SEALING_KEYS: 'one:AAAA' };
    const file = await sealingKeyFile(folder, given);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    const around = { given, servers: [], sealingKeyFile: file, firstAdminKey: undefined, traces: undefined };
    expect(serviceEnvironment(around)).toMatchObject(given);
    expect(serviceEnvironment(around)).not.toHaveProperty('TOLLGATE_SEALING_KEY_FILE');
  });

  it('may lie in a file of their own', async () => {
    expect(await sealingKeyFile(folder, { TOLLGATE_SEALING_KEY_FILE: '/mine' })).toBe('/mine');
  });
});
