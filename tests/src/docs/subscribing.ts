import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { timeOfId } from '@tollgate/events';
import { decisionSubject } from '@tollgate/journal';
import { FEED_TYPES } from '@tollgate/store';
import type { Api } from '../harness/index.js';
import { pageText, tableOf } from './code-blocks.js';
import type { Guide } from './guide.js';

const AGENT = 'courier';
const TOOL = 'parcels.send';

export function subscribing(guide: Guide): void {
  const { tollgate } = guide;
  let agent: Api;
  let sent = 0;
  beforeAll(async () => {
    await tollgate().register(TOOL);
    await tollgate().policy(AGENT, { allowed_tools: [TOOL], max_calls_per_tool: { [TOOL]: 2 } });
    agent = tollgate().api.as(await guide.agentKey(AGENT));
  });
  const send = async () => (await agent.run({ agent_id: AGENT, tool: TOOL, args: { n: (sent += 1) } })).body;
  const env = () => ({ NATS_URL: tollgate().nats.url });

  it('blocks.ts hears of blocks, those too that were made while it was away', async () => {
    const [executed, blocked] = [await send(), (await send(), await send())];
    expect([executed.decision, blocked.decision]).toEqual(['executed', 'blocked']);
    const mine = (output: string) => output.split('\n').filter((line) => line.startsWith(AGENT));
    const line = `${AGENT} ${TOOL}: max_calls_per_tool_exceeded`;
    for (const attempt of ['first', 'second']) {
      const listener = await guide.follow('blocks.ts', env());
      await listener.until(`it has heard the ${attempt}`, (said) => mine(said).length > 0);
      await listener.stop();
      expect(mine(listener.said)).toEqual([line]);
      await send();
    }
  });

  it('says by subject and members what the page says', async () => {
    const { decision, call_id } = await send();
    const connection = await connect(natsOptions(tollgate().nats.url));
    try {
      const js = jetstream(connection);
      for (const [subject = ''] of tableOf(guide.page, 'subject')) {
        const consumer = await js.consumers.get('DECISIONS', { filter_subjects: subject.replaceAll('`', '') });
        let event: { type: string; data: { call_id: string } } | undefined;
        for (let tries = 0; event?.data.call_id !== call_id && tries < 500; tries += 1) {
          event = (await consumer.next({ expires: 5_000 }))?.json();
        }
        const shown = guide.shown('decision.json');
        const { traceparent: _, ...members } = event as unknown as Record<string, unknown>;
        expect(Object.keys(members)).toEqual(Object.keys(shown));
        expect(Object.keys(event!.data)).toEqual(Object.keys(shown.data));
        const { ts, args_hash, call_id: id, run_id, policy_version, ...same } = shown.data;
        expect([ts, args_hash, id, run_id, policy_version]).not.toContain(undefined);
        expect(event).toMatchObject({ type: `tollgate.decision.${decision}`, source: shown.source, data: same });
      }
    } finally {
      await connection.close();
    }
  });

  it('after.sh and follow.py go on behind the last id', async () => {
    const blocked = await send();
    const isIts = ({ req_id }: { req_id: string }) => req_id === blocked.call_id;
    const first = await guide.until('after.sh', (events) => events.length > 0, {}, '0');
    expect(first[0].id).toBeGreaterThan(0);
    const place = join(guide.folder(), 'place.txt');
    const lines = (output: string) => output.trimEnd().split('\n');
    const before = await guide.follow('follow.py', {}, place);
    const newest = (
      await guide.until('after.sh', (events) => events.some(isIts), {}, String(await lastButSome()))
    ).find(isIts);
    expect(Object.keys(newest)).toEqual(Object.keys(guide.shown('event.json')));
    const { id: _, req_id, ts, done_at, ...same } = guide.shown('event.json');
    expect([req_id, ts, done_at]).not.toContain(undefined);
    expect(newest).toMatchObject(same);
    expect(Math.floor(Date.parse(newest.done_at as string) / 1_000)).toBe(newest.ts);
    const line = `${newest.id} tool_blocked ${AGENT} ${TOOL} max_calls_per_tool_exceeded`;
    await before.until('it has come so far', (said) => lines(said).includes(line));
    await before.stop();
    await send();
    const after = await guide.follow('follow.py', {}, place);
    await after.until('it goes on', (said) => said.includes('tool_blocked'));
    await after.stop();
    const idsOf = (output: string) => [...output.matchAll(/^\d+/gm)].map(Number);
    const ids = [...idsOf(before.said), ...idsOf(after.said)];
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    // The one that it was stopped at may be there again.
    expect(idsOf(after.said)[0]).toBeGreaterThanOrEqual(idsOf(before.said).at(-1)!);
  });

  it('follow.py has its place, though it is killed while it writes it', async () => {
    const place = join(guide.folder(), 'kept.txt');
    await writeFile(place, '0');
    await send();
    // Whoever writes into a pipe that nobody reads waits.
    await promisify(execFile)('mkfifo', [join(guide.folder(), 'kept.new')]);
    const follower = await guide.follow('follow.py', {}, place);
    await follower.until('it has an event', (said) => said.includes('tool_'));
    await follower.stop();
    expect(await readFile(place, 'utf8')).toBe('0');
    expect(follower.said.trimEnd().split('\n')).toHaveLength(1);
  });

  it('shows ids as they are made: of the time of their event, and numbers that JSON keeps', () => {
    const [{ id: decision, time }, { id: event, done_at }] = [guide.shown('decision.json'), guide.shown('event.json')];
    for (const [id, at] of [
      [Number(decision), time],
      [event, done_at],
    ]) {
      expect(Number.isSafeInteger(id)).toBe(true);
      expect(new Date(timeOfId(id)).toISOString()).toBe(at);
    }
  });

  it('names the types that there are, and tokens as they are made', () => {
    const named = tableOf(guide.page, '`type`').flatMap(([types = '']) => types.replaceAll('`', '').split(' '));
    expect(named.sort()).toEqual([...FEED_TYPES].sort());
    const [, name = '', token] = /the agent `([^`]+)` is the token `([^`]+)`/.exec(pageText(guide.page)) ?? [];
    expect(decisionSubject('default', 'blocked', name)).toBe(`tollgate.v1.decision.default.blocked.${token}`);
  });

  /** An id not far from the end, so that a page reaches it. */
  async function lastButSome(): Promise<number> {
    const { body } = await tollgate().api.get('/v1/events?limit=20');
    return body.at(-1).id as number;
  }

  guide.everyBlockIsRun();
}

function natsOptions(address: string): { servers: string; user: string; pass: string } {
  const { host, username, password } = new URL(address);
  return { servers: host, user: username, pass: password };
}
