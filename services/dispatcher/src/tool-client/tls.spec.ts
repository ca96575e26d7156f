import { createServer, type AddressInfo } from 'node:net';
import { atEnd, call, newClient, newTool } from './spec/calling.js';
import { answer, type Script } from './spec/scripted-tool.js';
import { selfSigned } from './spec/self-signed.js';

describe('TLS', () => {
  const identity = selfSigned('localhost');
  const ok: Script = (socket) => socket.write(answer(200, '{"secure":true}'));

  it('is verified against the name, sent over, and kept alive', async () => {
    const tool = await newTool(ok, identity);
    const client = newClient({ trustedCertificates: [identity.cert] });
    const url = `https://localhost:${tool.port}/`;
    for (let i = 0; i < 3; i++)
      expect(await call(client, url)).toEqual({ known: 'executed', httpStatus: 200, result: { secure: true } });
    expect(tool.requests).toHaveLength(3);
    expect(tool.reads).toHaveLength(3);
  });

  it.each([
    ['unknown issuer', identity, [], 'localhost'],
    ['another name', selfSigned('example.com'), undefined, 'localhost'],
    ['a name where an address was asked for', identity, undefined, '127.0.0.1'],
    ['expired', selfSigned('localhost', new Date(Date.now() - 3_600_000)), undefined, 'localhost'],
  ])('fails before anything is sent: %s', async (_name, theirs, trusted, host) => {
    const tool = await newTool(ok, theirs);
    const client = newClient({ trustedCertificates: trusted ?? [theirs.cert] });
    expect(await client.prepare(`https://${host}:${tool.port}/`, 2_000)).toEqual({ ok: false, code: 'tls_failed' });
    expect(tool.received).toBe('');
  });

  it.each<[string, Script]>([
    ['hangs', () => undefined],
    ['is no TLS', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('fails when the handshake %s', async (_how, script) => {
    const server = createServer((socket) => script(socket, 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(async () => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await newClient().prepare(`https://127.0.0.1:${port}/`, 200)).toEqual({ ok: false, code: 'tls_failed' });
  });
});
