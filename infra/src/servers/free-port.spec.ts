import { freePort } from './free-port.js';

describe('a free port', () => {
  it('is not given to the same process twice in a row', async () => {
    const given = [await freePort(), await freePort(), await freePort()];
    expect(new Set(given).size).toBe(given.length);
  });

  it('is looked for in a part of the range that goes by the process, below what outgoing connections take', async () => {
    const port = await freePort();
    expect(Math.floor((port - 20_000) / 120)).toBe(process.pid % 100);
  });
});
