import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signHex } from '@tollgate/sealing';
import { fresh, installed } from '../contract/installed.js';
import { answer, drop, hang, type Behaviour, type Received } from '../harness/index.js';
import { codeBlock, codeBlocks, tableOf } from './code-blocks.js';
import type { Env } from './run-file.js';
import { PageBackend, runBlock } from './running-block.js';

const PAGE = 'tool-backends.md';
const SECRET = 'the-secret-of-the-page';
const NEW_SECRET = 'the-secret-that-comes-next';
const BACKENDS = ['charge.ts', 'charge.py'];
const SHELL = ['register.sh', 'rotate.sh', 'end-overlap.sh', 'verify.sh'];
const SHAPES = ['dispatch.json', 'question.json'];

/** Every block of docs/tool-backends.md, run against a live Tollgate. */
describe('docs/tool-backends.md', () => {
  const tollgate = installed();
  let folder: string;
  let backend: PageBackend;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-docs-'));
  });
  afterEach(() => backend?.stop());
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const block = (name: string) => ({ page: PAGE, folder, name });
  const shell = (name: string, variables: Env, ...args: string[]) => runBlock(block(name), variables, ...args);
  const tool = () => tollgate().tool;
  const run = async (body: object) =>
    (await tollgate().api.run({ agent_id: fresh('agent'), tool: 'charge', ...body })).body;
  const env = () => ({
    TOLLGATE_URL: tollgate().api.base,
    TOLLGATE_ADMIN_KEY: tollgate().adminKey,
    TOOL_URL: tool().url('').replace(/\/$/, ''),
    TOOL_SECRET: SECRET,
    NEW_SECRET,
  });

  /** The tool server passes every request on to the page's backend, as it came. */
  async function passOn(name: string, secret = SECRET): Promise<void> {
    await backend?.stop();
    backend = await PageBackend.start(block(name), secret);
    for (const path of ['charge', 'known']) tool().on(path, passedOn);
  }
  const passedOn: Behaviour = async (received, response) => {
    const { status, body } = await sentTo(received);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  async function sentTo({ path, headers, raw }: Pick<Received, 'path' | 'headers' | 'raw'>) {
    const names = ['x-onceonly-signature', 'x-onceonly-signature-previous'];
    const kept = Object.fromEntries(names.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])));
    const answered = await fetch(backend.url(path.slice(1)), { method: 'POST', headers: kept, body: raw });
    return { status: answered.status, body: await answered.text() };
  }
  /** Signed by the test, as Tollgate signs. */
  function signed(path: string, members: object, at = Date.now()) {
    const raw = JSON.stringify({ ...members, timestamp: Math.floor(at / 1_000) });
    return sentTo({ path, raw, headers: { 'x-onceonly-signature': signHex(SECRET, raw) } });
  }

  it('has no block that is not run here', () => {
    expect(
      codeBlocks(PAGE)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...BACKENDS, ...SHELL, ...SHAPES].sort());
  });

  describe.each(BACKENDS)('%s', (name) => {
    beforeEach(async () => {
      const registered = await shell('register.sh', env());
      expect(registered).toMatchObject({ code: 0, output: expect.stringContaining('"on_unknown":"reconcile"') });
      await passOn(name);
    });

    it('does what it is asked, once for each key', async () => {
      const amount = { args: { amount: 12 } };
      expect(await run(amount)).toMatchObject({ decision: 'executed', result: { receipt: 1, amount: 12 } });
      expect(await run(amount)).toMatchObject({ decision: 'executed', result: { receipt: 2, amount: 12 } });
      const last = tool().at('charge').at(-1)!;
      expect(JSON.parse((await sentTo(last)).body)).toEqual({ receipt: 2, amount: 12 });
    });

    it('is asked when its answer was lost, and the charge is made once', async () => {
      tool().on('charge', async (received, response) => {
        await sentTo(received);
        await drop(received, response);
      });
      const before = tool().at('charge').length;
      expect(await run({ args: { amount: 3 } })).toMatchObject({
        decision: 'executed',
        result: { receipt: 1, amount: 3 },
      });
      expect(tool().at('charge')).toHaveLength(before + 1);
    });

    it('is sent the call again when the request never reached it', async () => {
      tool().on('charge', (received, response) => {
        tool().on('charge', passedOn);
        return drop(received, response);
      });
      expect(await run({ args: { amount: 4 } })).toMatchObject({
        decision: 'executed',
        result: { receipt: 1, amount: 4 },
      });
    });

    it('says unknown, and refuses a second request, while it is at work', async () => {
      const working = signed('/charge', { idempotency_key: 'k', args: { amount: 1 } });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const [question, second] = await Promise.all([
        signed('/known', { idempotency_key: 'k' }),
        signed('/charge', { idempotency_key: 'k', args: { amount: 1 } }),
      ]);
      expect([JSON.parse(question.body), second.status]).toEqual([{ status: 'unknown' }, 429]);
      expect(JSON.parse((await working).body)).toEqual({ receipt: 1, amount: 1 });
      expect(JSON.parse((await signed('/known', { idempotency_key: 'other' })).body)).toEqual({
        status: 'not_executed',
      });
    });

    it('refuses what was changed on its way, what another has signed, and what is old', async () => {
      tool().on('charge', (received, response) =>
        passedOn({ ...received, raw: received.raw.replace('"amount":5', '"amount":6') }, response),
      );
      const refused = { decision: 'failed', result: { error: 'tool_error', status: 401 } };
      expect(await run({ args: { amount: 5 } })).toMatchObject(refused);
      await passOn(name, 'the-secret-of-another');
      expect(await run({ args: { amount: 5 } })).toMatchObject(refused);
      await passOn(name);
      const call = { idempotency_key: 'k', args: { amount: 1 } };
      expect((await signed('/charge', call, Date.now() - 400_000)).status).toBe(401);
      expect((await signed('/charge', call)).status).toBe(200);
    });

    it('goes on while its secret is changed, whichever of the two it has', async () => {
      const rotated = await shell('rotate.sh', env());
      const { previous_secret_id, previous_secret_until } = JSON.parse(rotated.output) as Record<string, string>;
      expect([rotated.code, previous_secret_id]).toEqual([0, expect.stringMatching(/^sec_/)]);
      expect(Date.parse(previous_secret_until!)).toBeGreaterThan(Date.now() + 3_500_000);
      const executed = { decision: 'executed', result: { amount: 7 } };
      expect(await run({ args: { amount: 7 } })).toMatchObject(executed);
      await passOn(name, NEW_SECRET);
      expect(await run({ args: { amount: 7 } })).toMatchObject(executed);
      const ended = await shell('end-overlap.sh', env());
      expect(JSON.parse(ended.output)).toMatchObject({ previous_secret_until: null });
      expect(await run({ args: { amount: 7 } })).toMatchObject(executed);
      await passOn(name, SECRET);
      expect(await run({ args: { amount: 7 } })).toMatchObject({ decision: 'failed', result: { status: 401 } });
    });
  });

  it('shows the members of what arrives', async () => {
    await shell('register.sh', env());
    tool().on('charge', drop);
    tool().on('known', answer(200, { status: 'executed' }));
    expect(await run({ args: { amount: 12 } })).toMatchObject({ decision: 'executed', result: {} });
    const [arrived, asked] = [tool().at('charge').at(-1)!.body, tool().at('known').at(-1)!.body];
    const shown = (block: string) => JSON.parse(codeBlock(PAGE, block)) as Record<string, unknown>;
    for (const [block, body] of [
      ['dispatch.json', arrived],
      ['question.json', asked],
    ] as const) {
      expect(Object.keys(body)).toEqual(Object.keys(shown(block)));
    }
    expect(arrived).toMatchObject({
      run_id: arrived.call_id,
      request_id: `${arrived.call_id}.1`,
      args: { amount: 12 },
    });
  });

  it('verify.sh knows what was signed from what was not', async () => {
    await shell('register.sh', env());
    tool().on('charge', answer(200));
    await run({ args: { amount: 8 } });
    const { raw, headers } = tool().at('charge').at(-1)!;
    const body = join(folder, 'body.json');
    const verify = async (text: string) => {
      await writeFile(body, text);
      return shell('verify.sh', env(), body, String(headers['x-onceonly-signature']));
    };
    expect(await verify(raw)).toEqual({ code: 0, output: 'signed\n' });
    expect(await verify(raw.replace('8', '9'))).toEqual({ code: 1, output: 'not signed with this secret\n' });
  });

  it('says of each answer what Tollgate concludes', async () => {
    const rows = tableOf(PAGE, 'your answer');
    expect(rows).toHaveLength(7);
    for (const [what = '', , told = ''] of rows) {
      const does = answersOf(what);
      expect(does.length).toBeGreaterThan(0);
      for (const [index, behaviour] of does.entries()) {
        const name = fresh('status');
        await tollgate().register(name, { max_retries: 0, timeout_ms: 300 });
        tool().on(name, behaviour);
        const { decision, result } = await run({ tool: name });
        const codes = [...told.matchAll(/`(\w+)`/g)].map(([, code]) => code);
        expect([what, index, codes]).toEqual([what, index, expect.arrayContaining([decision])]);
        if (decision === 'failed') expect(codes.slice(1)).toContain(result.error);
      }
    }
  });
});

/** What a tool does that answers as the first cell of a row says. */
function answersOf(cell: string): Behaviour[] {
  if (cell.startsWith('none within')) return [hang, drop];
  const headers = cell.includes('with `Retry-After`') ? { 'retry-after': '1' } : {};
  return [...cell.matchAll(/`(\d{3})`/g)].map(([, status]) =>
    status === '204'
      ? (_received, response) => void response.writeHead(204).end()
      : answer(Number(status), {}, headers),
  );
}
