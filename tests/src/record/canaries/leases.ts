import { answer, eventually, type Answer, type Api, type Installation } from '../../harness/index.js';
import type { Canaries } from './load.js';

const KB = 1024;

/** What was played of locks, leases and jobs, by the names that anybody may read. */
export interface PlayedLeases {
  readonly keys: readonly string[];
  readonly run: string;
  /** The call of the job's action. */
  readonly callId: string;
}

/** What is taken and kept nowhere, of calls too: not even with sealing off. */
export const DROPPED = [
  'metadata',
  'idempotency-key',
  'lock-metadata',
  'lock-idempotency-key',
  'lease-metadata',
  'lease-idempotency-key',
  'too-large-result-begin',
  'error-hash',
  'cancel-reason',
  'job-metadata',
] as const;

/** Every route of locks, leases and jobs, each with canaries wherever something can be put. */
export async function playLeases(tollgate: Installation, agent: Api, canaries: Canaries): Promise<PlayedLeases> {
  const { of } = canaries;
  await locks(agent, canaries);
  const keys = [
    await ended(agent, canaries, 'complete', { result: { [of('leased-result-name')]: of('leased-result') } }),
    await ended(agent, canaries, 'complete', { result: { text: canaries.long('large-leased-result', 20 * KB) } }),
    await ended(agent, canaries, 'complete', { result: { text: canaries.long('too-large-result', 300 * KB) } }),
    await ended(agent, canaries, 'fail', { error_code: 'out_of_paper', error_hash: of('error-hash') }),
    await ended(agent, canaries, 'cancel', { reason: of('cancel-reason') }),
  ];
  return { keys: [...keys, 'job'], ...(await job(tollgate, agent, canaries)) };
}

async function locks(agent: Api, { of }: Canaries): Promise<void> {
  const header = { 'idempotency-key': of('lock-idempotency-key') };
  const check = async (headers = {}): Promise<unknown> => {
    const { body } = await agent.post(
      '/v1/check-lock',
      { key: 'locked', metadata: { a: of('lock-metadata') } },
      headers,
    );
    return body.status;
  };
  expect([await check(header), await check(header), await check()]).toEqual(['locked', 'locked', 'duplicate']);
}

let leased = 0;

/** A key that is leased, polled and ended, the end said twice. */
async function ended(agent: Api, { of }: Canaries, verb: string, what: object): Promise<string> {
  const key = `leased-${(leased += 1)}`;
  const metadata = { [of('lease-metadata')]: of('lease-metadata') };
  const lease = (): Promise<Answer> =>
    agent.post('/v1/ai/lease', { key, metadata }, { 'idempotency-key': of('lease-idempotency-key') });
  const { lease_id } = (await lease()).body;
  expect((await lease()).body).toMatchObject({ status: 'acquired', lease_id });
  for (const _time of ['first', 'again']) {
    expect((await agent.post(`/v1/ai/${verb}`, { key, lease_id, ...what })).status).toBe(200);
  }
  return key;
}

/** Of two actions, the second one is refused by its tool. */
async function job(tollgate: Installation, agent: Api, canaries: Canaries): Promise<Omit<PlayedLeases, 'keys'>> {
  const { api, tool } = tollgate;
  const { of } = canaries;
  const run = 'run-of-a-job';
  tool.on('job', answer(200, { [of('job-result-name')]: of('job-result') }));
  await tollgate.register('job');
  const actions = [
    { tool: 'job', args: { secret: of('job-args'), long: canaries.long('large-job-args', 12 * KB) } },
    { tool: 'errs', args: { secret: of('job-args') } },
  ];
  const metadata = { agent_id: 'a1', run_id: run, actions, [of('job-metadata')]: of('job-metadata') };
  expect((await agent.post('/v1/ai/run', { key: 'job', metadata })).body.status).toBe('acquired');
  const result = async (): Promise<Answer['body']> => (await api.get('/v1/ai/result?key=job')).body;
  await eventually('the job ends', async () => (await result()).status === 'failed');
  expect((await result()).result.results).toMatchObject([
    { result: { [of('job-result-name')]: of('job-result') } },
    {},
  ]);
  const { events } = (await api.get(`/v1/runs/${run}`)).body;
  return { run, callId: events[0].call_id as string };
}
