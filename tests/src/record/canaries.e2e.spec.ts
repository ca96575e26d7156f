import { formatSealingKey, mintSealingKey } from '@tollgate/sealing';
import { eventually, Installation, OtlpReceiver } from '../harness/index.js';
import { formsIn, formsOf } from './canaries/forms.js';
import { DROPPED } from './canaries/leases.js';
import { Canaries, playCanaries, type Played } from './canaries/load.js';
import { PLACE_NAMES, PLACES, type PlaceName, type Sources, type Written } from './canaries/written.js';

/** G6: raw arguments, results, tool secrets and API keys are in no log line, clear event, table or span. */
describe('canaries', () => {
  const sealingKey = mintSealingKey();
  const canaries = new Canaries();
  let sources: Sources;
  let played: Played;
  beforeAll(async () => {
    sources = await start({ LOG_LEVEL: 'debug', TOLLGATE_SEALING_KEYS: formatSealingKey(sealingKey) });
    played = await playCanaries(sources.tollgate, canaries);
    await everythingWritten(sources, played);
  }, 90_000);
  afterAll(() => stop(sources), 30_000);

  it.each(PLACE_NAMES)('the search reaches %s: it finds what may be there', async (place) => {
    const known = place === '/metricsz' ? 'tool_idempotency' : (played.calls['executed'] as string);
    expect(finds(await PLACES[place](sources), [known])).not.toEqual([]);
  });

  it.each(PLACE_NAMES)('no argument, result, tool secret or key is in %s', async (place) => {
    const secrets = [canaries.mark, String(canaries.number), sources.tollgate.adminKey, ...canaries.keys];
    const sealing = sealingKey.key.toString('base64').slice(0, -2);
    const stray = place === "the broker's files" ? [] : [canaries.stray];
    expect(finds(await PLACES[place](sources), [...secrets, ...stray, sealing])).toEqual([]);
  });

  it('what an operator says is on the record, and in no log line, span, metric or message', async () => {
    const said = async (place: PlaceName): Promise<string[]> => finds(await PLACES[place](sources), played.words);
    expect(await said('rows of Postgres')).not.toEqual([]);
    for (const place of ['log lines', 'spans and metrics that are exported', '/metricsz', 'messages for subscribers']) {
      expect(await said(place as PlaceName)).toEqual([]);
    }
  });

  it('what anybody with a key may read of calls and leases holds none of it, but for the result itself', async () => {
    const { api } = sources.tollgate;
    const paths = ['/v1/agents/a1/logs', '/v1/agents/a2/logs', '/v1/tools?scope_id=all', '/v1/keys', '/v1/calls'];
    const lists = ['/v1/events?limit=500', '/v1/events?after=0&limit=500', '/v1/runs'];
    const runs = [...Object.values(played.calls), played.leases.run].map((runId) => `/v1/runs/${runId}`);
    const looks = played.leases.keys.map((key) => `/v1/ai/status?key=${key}`);
    const written = [...paths, ...lists, ...runs, ...looks].map(async (path): Promise<Written> => {
      const { status, body } = await api.get(path);
      expect([path, status]).toEqual([path, 200]);
      return { where: path, bytes: Buffer.from(JSON.stringify(body)) };
    });
    expect(finds(await Promise.all(written), [canaries.mark, String(canaries.number), ...canaries.keys])).toEqual([]);
  });
});

describe('with sealing off', () => {
  const canaries = new Canaries();
  let sources: Sources;
  beforeAll(async () => {
    sources = await start({ TOLLGATE_SEALING: 'off' });
    await everythingWritten(sources, await playCanaries(sources.tollgate, canaries));
  }, 90_000);
  afterAll(() => stop(sources), 30_000);

  it("the same search finds arguments, results and secrets in the broker's files", async () => {
    const written = await PLACES["the broker's files"](sources);
    const places = ['small-args-name', 'small-args', 'large-args-begin', 'large-args-middle', 'large-args-end'];
    places.push(
      'result-name',
      'result',
      'result-text',
      'large-result-begin',
      'large-result-middle',
      'large-result-end',
    );
    places.push('drops-args', 'resolved-result', 'result-after-retry', 'tool-secret');
    places.push('leased-result-name', 'leased-result', 'job-args', 'job-result-name', 'job-result');
    places.push('large-leased-result-begin', 'large-leased-result-middle', 'large-leased-result-end');
    places.push('large-job-args-begin', 'large-job-args-middle', 'large-job-args-end');
    const missed = places.filter((place) => finds(written, [canaries.of(place)]).length === 0);
    expect(missed).toEqual([]);
    expect(finds(written, [String(canaries.number)])).not.toEqual([]);
  });

  it('and none of what is kept nowhere: metadata, idempotency keys, too large results, and words that are dropped', async () => {
    const written = await PLACES["the broker's files"](sources);
    expect(DROPPED.flatMap((place) => finds(written, [canaries.of(place)]))).toEqual([]);
  });

  it('and still nothing anywhere else: tables, logs and spans never carry them', async () => {
    for (const place of PLACE_NAMES.filter((name) => name !== "the broker's files")) {
      expect(finds(await PLACES[place](sources), [canaries.mark, String(canaries.number)])).toEqual([]);
    }
  });
});

async function start(env: Readonly<Record<string, string>>): Promise<Sources> {
  const receiver = await OtlpReceiver.start();
  return { receiver, tollgate: await Installation.start({ env: { ...receiver.env, ...env } }) };
}

async function stop({ tollgate, receiver }: Sources): Promise<void> {
  await tollgate.stop();
  await receiver.stop();
}

/** Every projection has stored, and every span has left, what belongs to the calls. */
async function everythingWritten({ tollgate, receiver }: Sources, { calls }: Played): Promise<void> {
  const ids = Object.values(calls).filter((callId) => !callId.startsWith('call_parked'));
  await eventually('the rows are there', async () => {
    const { headers } = await tollgate.api.get('/v1/agents/a1/logs');
    return headers.get('x-tollgate-lag') === null;
  });
  await eventually('the spans are there', () => {
    const bodies = receiver.bodies.join('\n');
    return ids.every((callId) => bodies.includes(callId)) && bodies.includes('tollgate_decisions');
  });
  const subscribers = async (): Promise<string> =>
    (await PLACES['messages for subscribers']({ tollgate, receiver })).map(({ bytes }) => bytes.toString()).join();
  await eventually('subscribers are told', async () => {
    const told = await subscribers();
    return ids.every((callId) => told.includes(callId));
  });
}

/** Where which text was found, and in what form. */
function finds(written: readonly Written[], texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const forms = formsOf(text);
    return written.flatMap(({ where, bytes }) =>
      formsIn(bytes, forms).map((form) => `${text} (${form}) in ${where}${around(bytes, forms.get(form))}`),
    );
  });
}

/** Tells which canary it is, and who wrote it. */
function around(bytes: Buffer, form: Buffer = Buffer.alloc(0)): string {
  const at = bytes.indexOf(form);
  return `: ${bytes.subarray(Math.max(0, at - 80), at + form.length + 60).toString('latin1')}`;
}
