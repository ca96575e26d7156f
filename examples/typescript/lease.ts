/*
 * Work that the agent does itself, once: a lease, heartbeats while it works, a result that everybody else can read.
 *
 *   TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… node examples/typescript/lease.ts report-2026-11
 */
import { setTimeout as sleep } from 'node:timers/promises';

const { TOLLGATE_URL: url, TOLLGATE_KEY: key } = process.env;
const [name = `report-${Date.now()}`] = process.argv.slice(2);
/** Short, so that you can watch it; whoever waits for a holder that died waits so long. */
const TTL_SEC = 6;

interface Lease {
  readonly status: 'acquired' | 'polling' | 'completed' | 'failed';
  readonly lease_id: string | null;
  readonly retry_after_sec: number | null;
  readonly result?: object | null;
  readonly error_code: string | null;
}

async function post<Body>(verb: string, body: object): Promise<Body> {
  const response = await fetch(`${url}/v1/ai/${verb}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200) throw new Error(`${verb} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

/** Stands for whatever takes a while. */
async function writeReport(): Promise<object> {
  await sleep(3_000);
  return { pages: 12 };
}

async function asHolder(lease_id: string): Promise<void> {
  // A heartbeat that fails is no reason to stop: the lease outlives two of them, and complete says how it stands.
  const extend = () => void post('extend', { key: name, lease_id }).catch(console.error);
  const heartbeat = setInterval(extend, (TTL_SEC * 1_000) / 3);
  try {
    const result = await writeReport();
    await post('complete', { key: name, lease_id, result });
    console.log('written:', JSON.stringify(result));
  } catch (error) {
    await post('fail', { key: name, lease_id, error_code: 'report_failed' });
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

for (;;) {
  const lease = await post<Lease>('lease', { key: name, ttl: TTL_SEC });
  if (lease.status === 'acquired' && lease.lease_id !== null) {
    await asHolder(lease.lease_id);
    break;
  }
  if (lease.status !== 'polling') {
    console.log(`${lease.status} before:`, JSON.stringify(lease.result ?? lease.error_code));
    break;
  }
  // Somebody else is at it. If they die, the lease runs out, and one of those who wait goes on.
  await sleep((lease.retry_after_sec ?? 1) * 1_000);
}
