import { answer, eventually, type Api, type Installation } from '../../harness/index.js';
import type { Canaries } from './canaries.js';

const KB = 1024;
export const JOB_RUN = 'canary-job';
/** What is taken and kept nowhere: not even sealed. */
export const KEPT_NOWHERE = ['metadata', 'lease-metadata', 'lease-idempotency-key', 'error-hash', 'cancel-reason'];
/** What is kept sealed. */
export const KEPT_SEALED = [
  'lease-result',
  'large-lease-result-begin',
  'large-lease-result-middle',
  'large-lease-result-end',
  'job-args',
  'job-result',
];

/** A lock, leases and jobs, with canaries in all that their callers may send along, and in what their tools answer. */
export async function playLeases(tollgate: Installation, canaries: Canaries): Promise<void> {
  const { api } = tollgate;
  const metadata = { [canaries.of('lease-metadata')]: [canaries.of('lease-metadata'), canaries.number] };
  const keyed = { 'idempotency-key': canaries.of('lease-idempotency-key') };
  for (const status of ['locked', 'duplicate']) {
    const headers = status === 'locked' ? keyed : {};
    const { body } = await api.post('/v1/check-lock', { key: 'canary-lock', metadata }, headers);
    expect(body.status).toBe(status);
  }
  const ended = async (verb: string, key: string, word: object): Promise<void> => {
    const { body } = await api.post('/v1/ai/lease', { key, metadata }, keyed);
    const { status } = await api.post(`/v1/ai/${verb}`, { key, lease_id: body.lease_id, ...word });
    expect([verb, body.status, status]).toEqual([verb, 'acquired', 200]);
  };
  await ended('complete', 'canary-small', { result: { [canaries.of('lease-result')]: canaries.of('lease-result') } });
  await ended('complete', 'canary-large', { result: { text: canaries.long('large-lease-result', 100 * KB) } });
  await ended('fail', 'canary-failed', { error_code: 'gave_up', error_hash: canaries.of('error-hash') });
  await ended('cancel', 'canary-canceled', { reason: canaries.of('cancel-reason') });
  await jobs(tollgate, canaries);
}

async function jobs(tollgate: Installation, canaries: Canaries): Promise<void> {
  const { api, tool } = tollgate;
  tool.on('worked', answer(200, { text: canaries.of('job-result') }));
  await tollgate.register('worked');
  const actions = [
    { tool: 'worked', args: { [canaries.of('job-args')]: canaries.of('job-args') } },
    { tool: 'errs', args: { secret: canaries.of('job-args') } },
  ];
  const metadata = { agent_id: 'a1', run_id: JOB_RUN, actions, note: canaries.of('lease-metadata') };
  const tried = { ...metadata, dry_run: true };
  const last = { key: 'canary-job', metadata };
  await api.post('/v1/ai/run', { key: 'canary-tried', metadata: tried });
  await api.post('/v1/ai/run', last, { 'idempotency-key': canaries.of('lease-idempotency-key') });
  await eventually('the job has ended', async () => (await resultOf(api, last.key)).status === 'failed');
  // Whoever asks for it gets it.
  expect((await resultOf(api, last.key)).result.results).toMatchObject([
    { decision: 'executed', result: { text: canaries.of('job-result') } },
    { decision: 'failed' },
  ]);
}

const resultOf = async (api: Api, key: string) => (await api.get(`/v1/ai/result?key=${key}`)).body;
