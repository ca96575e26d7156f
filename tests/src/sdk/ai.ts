import type { Json } from '../contract/json.js';
import { slept, type Transport } from './transport.js';

const POLL_MIN_SEC = 0.5;
const POLL_MAX_SEC = 5;
const HEARTBEAT_MIN_SEC = 1;

export interface ToolCall {
  readonly agentId: string;
  readonly tool: string;
  readonly args?: object;
  readonly spendUsd?: number;
  readonly runId?: string;
}

/** Calls, jobs and leases. */
export class Ai {
  constructor(private readonly transport: Transport) {}

  /** The name of the run travels among the arguments. */
  runTool({ agentId, tool, args, spendUsd, runId }: ToolCall): Promise<Json> {
    const all = { ...args, ...(runId === undefined ? {} : { run_id: runId }) };
    const body = {
      agent_id: agentId,
      tool,
      ...(Object.keys(all).length > 0 ? { args: all } : {}),
      spend_usd: spendUsd,
    };
    return this.transport.send('POST', '/ai/run', body);
  }

  run = (key: string, metadata?: object, ttl?: number): Promise<Json> =>
    this.transport.send('POST', '/ai/run', { key, ttl, metadata });
  lease = (key: string, ttl?: number, metadata?: object): Promise<Json> =>
    this.transport.send('POST', '/ai/lease', { key, ttl, metadata });
  extend = (key: string, leaseId: string, ttl?: number): Promise<Json> =>
    this.transport.send('POST', '/ai/extend', { key, lease_id: leaseId, ttl });
  complete = (key: string, leaseId: string, result?: object, resultHash?: string): Promise<Json> =>
    this.transport.send('POST', '/ai/complete', { key, lease_id: leaseId, result, result_hash: resultHash });
  fail = (key: string, leaseId: string, errorCode: string): Promise<Json> =>
    this.transport.send('POST', '/ai/fail', { key, lease_id: leaseId, error_code: errorCode });
  status = (key: string): Promise<Json> => this.transport.send('GET', `/ai/status?${asked(key)}`);
  result = (key: string): Promise<Json> => this.transport.send('GET', `/ai/result?${asked(key)}`);

  /** Polls as slowly as it is told to, until there is an end. */
  async wait(key: string, timeoutSec = 60): Promise<Json> {
    for (const until = performance.now() + timeoutSec * 1_000; ;) {
      const { status, retry_after_sec } = await this.status(key);
      if (status === 'completed' || status === 'failed') return this.result(key);
      if (performance.now() >= until) return { ok: false, status: 'failed', key, error_code: 'timeout' };
      const told = typeof retry_after_sec === 'number' ? retry_after_sec : POLL_MIN_SEC;
      await slept(Math.max(POLL_MIN_SEC, Math.min(POLL_MAX_SEC, told)));
    }
  }

  /** A job, and its end. */
  async runAndWait(key: string, metadata: object, ttl?: number): Promise<Json> {
    await this.run(key, metadata, ttl);
    return this.wait(key);
  }

  /** The work is done here, under a lease that a heartbeat keeps; who does not get it waits for who did. */
  async runFn(key: string, work: () => Promise<object>, { ttl = 300, extendEvery = 30 } = {}): Promise<Json> {
    const { status, lease_id } = await this.lease(key, ttl);
    if (status === 'completed' || status === 'failed') return this.result(key);
    if (status !== 'acquired') return this.wait(key);
    const stop = this.heartbeat(key, lease_id, ttl, extendEvery);
    try {
      await this.complete(key, lease_id, await work());
    } catch (error) {
      await this.fail(key, lease_id, 'fn_error').catch(() => undefined);
      throw error;
    } finally {
      stop();
    }
    return this.result(key);
  }

  /** From the first moment, beside the work; what is under way when the work ends arrives after the end. */
  private heartbeat(key: string, leaseId: string, ttl: number, everySec: number): () => void {
    const beat = (): void => void this.extend(key, leaseId, ttl).catch(() => undefined);
    beat();
    const timer = setInterval(beat, Math.max(HEARTBEAT_MIN_SEC, everySec) * 1_000);
    return () => {
      clearInterval(timer);
    };
  }
}

const asked = (key: string): string => new URLSearchParams({ key }).toString();
