import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { LaunchError } from './launch-error.js';
import { checkPort, portTrouble } from './preflight.js';

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
