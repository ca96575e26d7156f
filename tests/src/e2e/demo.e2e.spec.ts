import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../harness/index.js';

const DEMO = fileURLToPath(new URL('../../../examples/dist/demo/main.js', import.meta.url));

describe('npm run demo', () => {
  let temporary: string;
  let started: ChildProcess[];
  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'tollgate-demo-test-'));
    await chmod(temporary, 0o711); // Postgres may run as another account
    started = [];
  });
  afterEach(async () => {
    for (const one of started) one.kill('SIGTERM');
    await rm(temporary, { recursive: true, force: true });
  });

  /** As a person starts it, in a shell that has settings for another installation. */
  function play(...args: string[]) {
    const env = { ...process.env, TMPDIR: temporary, NATS_URL: 'nats://127.0.0.1:1', TOLLGATE_PARTITIONS: 'seven' };
    const child = spawn(process.execPath, [DEMO, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    const said = { text: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said.text += text));
    }
    const exit = once(child, 'close').then(([code]) => code as number | null);
    return { child, said, exit };
  }

  it('shows each failure directly and its absence through Tollgate, with the trails, and leaves nothing behind', async () => {
    const { said, exit } = play();
    expect([await exit, said.text]).toEqual([0, expect.stringContaining('claims hold.')]);
    expect(said.text).toMatch(/charges at the payment provider +2 +1\n/);
    expect(said.text).toMatch(/the provider's bill +\$480\.00 +\$20\.00\n/);
    expect(said.text).toMatch(/contacts on the stranger's server +18,204 +0\n/);
    expect(said.text).not.toContain('✗');
    for (const reason of ['tool_idempotency', 'max_spend_usd_per_day_exceeded', 'tool_not_in_allowed_list']) {
      expect(said.text).toContain(`: ${reason}\n`);
    }
    expect(await readdir(temporary)).toEqual([]);
  }, 120_000);

  it('fails with the policies taken away, and says which claims fell', async () => {
    const { said, exit } = play('--without-policy');
    expect([await exit, said.text]).toEqual([1, expect.stringMatching(/\d of \d+ claims fell:/)]);
    const verdict = said.text.slice(said.text.indexOf('claims fell:'));
    expect(verdict).toContain('✗ through Tollgate, it stops at the daily cap of $20: no, $480.00 instead of $20.00');
    expect(verdict).toContain('✗ through Tollgate, none: no, 18,204 instead of 0');
    expect(verdict).not.toContain('charge');
  }, 120_000);

  it('throws everything away on Ctrl-C', async () => {
    const { child, said, exit } = play();
    await eventually('it plays', () => said.text.includes('  played a charge'), 60_000);
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(await readdir(temporary)).toEqual([]);
  }, 120_000);

  it('says so when the server it is pointed at does not answer', async () => {
    const { said, exit } = play('--url', 'http://127.0.0.1:1', '--admin-key', 'any');
    expect(await exit).toBe(2);
    expect(said.text).toContain('could not be played: POST http://127.0.0.1:1/v1/policies/');
  }, 30_000);
});
