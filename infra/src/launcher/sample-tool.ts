import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { freePort, newPassword, readIfThere, writeSecretFile } from '../servers/index.js';

export const SAMPLE_TOOL = 'payments.charge';

/** Where the sample tool is and what its requests are signed with; the same on every start. */
export interface SampleToolAccess {
  readonly port: number;
  readonly secret: string;
}

export async function sampleToolAccess(file: string): Promise<SampleToolAccess> {
  const kept = await readIfThere(file);
  if (kept !== undefined) return JSON.parse(kept) as SampleToolAccess;
  const made = { port: await freePort(), secret: newPassword() };
  await writeSecretFile(file, JSON.stringify(made));
  return made;
}

export interface SampleTool {
  /** How often it has been called with a right signature. */
  calls(): number;
  stop(): Promise<void>;
}

/** A tool to try Tollgate on: it "charges", checks who asks, and counts. */
export async function startSampleTool({ port, secret }: SampleToolAccess): Promise<SampleTool> {
  let calls = 0;
  const server = createServer((request, response) => {
    if (request.method === 'GET') return answer(response, 200, { tool: SAMPLE_TOOL, calls });
    readBody(request).then(
      (body) => {
        if (!isSigned(body, secret, request.headers['x-onceonly-signature'])) {
          return answer(response, 401, { error: 'wrong signature' });
        }
        calls += 1;
        answer(response, 200, charge(body, calls));
      },
      () => response.destroy(),
    );
  });
  await listen(server, port);
  return {
    calls: () => calls,
    stop: () => stop(server),
  };
}

export function isSigned(body: Buffer, secret: string, signature: string | string[] | undefined): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(String(signature), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function charge(body: Buffer, calls: number): object {
  const { args } = JSON.parse(body.toString('utf8')) as { args?: { amount_usd?: unknown } };
  return { charge_id: `ch_${randomUUID()}`, amount_usd: args?.amount_usd ?? null, calls_of_this_tool: calls };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
