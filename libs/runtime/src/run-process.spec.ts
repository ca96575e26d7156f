import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';

const environment = {
  NATS_URL: 'nats://localhost',
  REDIS_URL: 'redis://localhost',
  DATABASE_URL: 'postgres://localhost/x',
  TOLLGATE_SEALING_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};

/** A process of one service that notes in a file that it was stopped. `body` runs when it starts. */
function startProcess(body: string, more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-process-'));
  const [script, notes] = [join(folder, 'main.mjs'), join(folder, 'notes')];
  writeFileSync(notes, '');
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs';
     import { runProcess, tracerFor } from ${JSON.stringify(new URL('index.js', import.meta.url).href)};
     let owned = [];
     const service = {
       name: 'policy',
       owns: () => owned,
       health: async () => ({ ready: true, degraded: false, missing: [] }),
       stop: async () => appendFileSync(${JSON.stringify(notes)}, 'stopped'),
     };
     await runProcess([{ name: 'policy', start: async ({ settings }) => { ${body}; return service; } }]);`,
  );
  const child = fork(script, { env: { ...environment, ...more }, silent: true });
  return { child, notes: () => readFileSync(notes, 'utf8') };
}

async function message(child: ChildProcess, type: string): Promise<unknown> {
  for (;;) {
    const [received] = (await once(child, 'message')) as [{ type: string }];
    if (received.type === type) return received;
  }
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  return ((await once(child, 'exit')) as unknown[])[0];
}

describe('a process', () => {
  it('tells its launcher what runs, and again when that changes, and stops in order on SIGTERM', async () => {
    const { child, notes } = startProcess('setTimeout(() => { owned = [0]; }, 100)');
    expect(await message(child, 'status')).toEqual({ type: 'status', services: [{ name: 'policy', owns: [] }] });
    await message(child, 'ready');
    expect(await message(child, 'status')).toEqual({ type: 'status', services: [{ name: 'policy', owns: [0] }] });
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    expect(notes()).toBe('stopped');
  });

  it('does not outlive its launcher', async () => {
    const { child, notes } = startProcess('');
    await message(child, 'ready');
    child.disconnect();
    expect(await exitCode(child)).toBe(0);
    expect(notes()).toBe('stopped');
  });

  it.each([
    ['a service ends by itself', 'service.ended = new Promise((resolve) => setTimeout(resolve, 50))'],
    ['a promise is rejected that nobody waits for', "setTimeout(() => Promise.reject(new Error('canary')), 50)"],
    ['something is thrown that nobody catches', "setTimeout(() => { throw new Error('canary'); }, 50)"],
  ])('stops and fails when %s, without the text of the error', async (_, body) => {
    const { child, notes } = startProcess(body);
    const output = text(child.stdout!);
    expect(await exitCode(child)).toBe(1);
    expect(notes()).toBe('stopped');
    expect(await output).toContain('ends because of a failure');
    expect(await output).not.toContain('canary');
  });

  it('fails when a service cannot start', async () => {
    const { child } = startProcess("throw new Error('canary')");
    const output = text(child.stdout!);
    expect(await exitCode(child)).toBe(1);
    expect(await output).toContain('could not start');
    expect(await output).not.toContain('canary');
  });

  it('names what is wrong with its settings, for a person', async () => {
    const { child } = startProcess('', { NATS_URL: 'canary' });
    const said = text(child.stderr!);
    expect(await exitCode(child)).toBe(1);
    expect(await said).toBe(
      'the settings do not work:\n  - NATS_URL must be a nats:// or tls:// URL; it is something else\n',
    );
  });

  it('sends its spans to where the standard variables point, under its own name', async () => {
    const received = Promise.withResolvers<unknown>();
    const collector = createServer((request, response) => {
      void json(request).then((body) => {
        received.resolve(body);
      });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { child } = startProcess("tracerFor('policy').startSpan('decide').end()", {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    await message(child, 'ready');
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    const sent = JSON.stringify(await received.promise);
    expect(sent).toContain('{"key":"service.name","value":{"stringValue":"tollgate-policy"}}');
    expect(sent).toContain('{"key":"tollgate.service","value":{"stringValue":"policy"}}');
    collector.close();
  });
});
