import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { LaunchError } from './launch-error.js';
import { checkDisk, checkPort, portTrouble } from './preflight.js';
import { step, StepFailed } from './progress.js';

describe('the check of the port', () => {
  it('says which port is taken and how to choose another', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const failure = await checkPort('127.0.0.1', port).catch((error: unknown) => error);
    server.close();
    expect(failure).toBeInstanceOf(LaunchError);
    expect(failure).toMatchObject({
      why: `port ${port} on 127.0.0.1 is taken`,
      whatToDo: expect.stringContaining(`PORT=${port + 1} npm start`),
    });
  });

  it('has advice for a port that needs rights and for an address of another machine', () => {
    expect(portTrouble('127.0.0.1', 80, 'EACCES')[1]).toContain('PORT=8080');
    expect(portTrouble('192.0.2.1', 8080, 'EADDRNOTAVAIL')[1]).toContain('HOST');
  });
});

describe('the check of the disk', () => {
  const withFree = (megabytes: number) => async () => ({ bavail: megabytes * 250, bsize: 4_000 });

  it('says which step failed, why, and what to do', async () => {
    const said: string[] = [];
    const check = async (): Promise<string> => {
      await checkDisk('/full', withFree(12));
      return '/full';
    };
    await expect(step((line) => said.push(line), 'data folder', check)).rejects.toThrow(StepFailed);
    expect(said).toEqual([
      '✗ data folder failed: only 12 MB are free on the disk of /full, and 300 MB are needed',
      '  What to do: free some space there, or keep the data elsewhere: npm start -- --data <dir>',
    ]);
  });

  it('has nothing to say when there is enough', async () => {
    await expect(checkDisk('/roomy', withFree(300))).resolves.toBeUndefined();
  });
});
