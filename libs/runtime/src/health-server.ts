import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HealthReport } from './health.js';

export interface HealthAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface HealthSource {
  health(): Promise<HealthReport>;
  /** Prometheus text exposition. */
  metrics(): Promise<string>;
}

/** `/healthz`, `/readyz` and `/metricsz` as every process answers them; undefined for any other path. */
export async function answerHealth(path: string, source: HealthSource): Promise<HealthAnswer | undefined> {
  switch (path) {
    case '/healthz':
      return json(200, { ok: true });
    case '/readyz': {
      const report = await source.health();
      return json(report.ready ? 200 : 503, report);
    }
    case '/metricsz':
      return { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await source.metrics() };
    default:
      return undefined;
  }
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startHealthServer(host: string, port: number, source: HealthSource): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answerSafely(request.url ?? '/', source).then(({ status, contentType, body }) => {
      response.writeHead(status, { 'content-type': contentType }).end(body);
    });
  });
  await listen(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function answerSafely(url: string, source: HealthSource): Promise<HealthAnswer> {
  try {
    return (await answerHealth(url.split('?')[0] ?? '/', source)) ?? json(404, { detail: 'Not Found' });
  } catch {
    return json(500, { detail: { error: 'internal', message: 'the check failed' } });
  }
}

function json(status: number, value: object): HealthAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
