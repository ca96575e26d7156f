import { setTimeout as delay } from 'node:timers/promises';
import type { PreparedConnection } from '../connection.js';
import type { SendResult } from '../send-result.js';
import { ToolClient, type SendRequest, type ToolClientOptions } from '../tool-client.js';
import { ScriptedTool, type Script } from './scripted-tool.js';

/** What a tool may answer, in bytes. */
export const MAX = 262_144;
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** How to end what a test has begun: done behind it, whatever came of it, the last one first. */
export const atEnd = (end: () => Promise<unknown>): void => void ends.push(end);

export function newClient(options: Partial<ToolClientOptions> = {}): ToolClient {
  const client = new ToolClient({ addresses: 'loopback', maxResponseBytes: MAX, ...options });
  atEnd(() => client.close());
  return client;
}

export async function newTool(
  script: Script,
  identity?: Parameters<typeof ScriptedTool.start>[1],
): Promise<ScriptedTool> {
  const tool = await ScriptedTool.start(script, identity);
  atEnd(() => tool.stop());
  return tool;
}

export const requestTo = (url: string, changes: Partial<SendRequest> = {}): SendRequest => ({
  url,
  headers: { 'X-Test': 'yes' },
  body: Buffer.from('{"args":{}}'),
  timeoutMs: 2_000,
  serverErrorIs: 'failed',
  ...changes,
});

export async function prepared(client: ToolClient, url: string): Promise<PreparedConnection> {
  const result = await client.prepare(url, 2_000);
  if (!result.ok) throw new Error(result.code);
  return result.connection;
}

export async function call(client: ToolClient, url: string, changes: Partial<SendRequest> = {}): Promise<SendResult> {
  const connection = client.prepareNow(url) ?? (await prepared(client, url));
  return client.send(connection, requestTo(url, changes), () => true);
}

/** One call of a tool that answers these bytes, and then perhaps does something to the connection. */
export async function answered(
  bytes: string | Buffer,
  then: Script = () => undefined,
  changes: Partial<SendRequest> = {},
) {
  const tool = await newTool((socket, nth) => socket.write(bytes, () => then(socket, nth)));
  return call(newClient(), tool.url, changes);
}

export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await delay(5);
  expect(condition()).toBe(true);
}
