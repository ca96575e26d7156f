import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attempt } from './attempt.js';

const NOTHING_SAID = { retryAfterSec: undefined, lagSec: undefined };

describe('an attempt', () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const answering = (listener: RequestListener) => server.on('request', listener);

  it('brings status, JSON, how long to wait, and how far the record is behind', async () => {
    const headers = { 'retry-after': '7', 'x-tollgate-lag': '3' };
    answering((_request, response) => response.writeHead(503, headers).end('{"detail":"x"}'));
    const said = { retryAfterSec: 7, lagSec: 3 };
    expect(await attempt(url, {})).toEqual({ is: 'answered', status: 503, ...said, body: { detail: 'x' } });
  });

  it('brings text that is no JSON as it is', async () => {
    answering((_request, response) => response.writeHead(502, { 'retry-after': 'Fri, 31 Dec' }).end('<html>'));
    expect(await attempt(url, {})).toEqual({ is: 'answered', status: 502, ...NOTHING_SAID, body: '<html>' });
  });

  it('follows no redirect: the key is for nobody else', async () => {
    const paths: (string | undefined)[] = [];
    answering((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await attempt(`${url}/here`, {})).toMatchObject({ is: 'answered', status: 307 });
    expect(paths).toEqual(['/here']);
  });

  it('is lost when the connection breaks behind the request', async () => {
    answering((request) => request.socket.destroy());
    expect(await attempt(url, { method: 'POST', body: '{}' })).toMatchObject({ is: 'lost' });
  });

  it('is lost when it is broken off', async () => {
    const interrupted = new AbortController();
    answering(() => {
      interrupted.abort();
    });
    expect(await attempt(url, { signal: interrupted.signal })).toMatchObject({ is: 'lost' });
    server.closeAllConnections();
  });

  it('has reached nobody where nobody listens, is named so, or speaks TLS', async () => {
    const { port } = server.address() as AddressInfo;
    expect(await attempt(`https://127.0.0.1:${port}`, {})).toMatchObject({ is: 'unreached' });
    expect(await attempt('http://nobody.invalid', {})).toMatchObject({ is: 'unreached' });
    expect(await attempt('http://127.0.0.1:1', {})).toEqual({ is: 'unreached', why: 'bad port' });
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const gone = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    expect(await attempt(gone, {})).toEqual({ is: 'unreached', why: 'ECONNREFUSED' });
  });
});
