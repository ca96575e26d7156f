import { setTimeout as sleep } from 'node:timers/promises';

const { TOLLGATE_URL: url, TOLLGATE_KEY: key } = process.env;
/** Longer than the server's wait limit: whoever hangs up earlier learns less and asks more. */
const ANSWER_WITHIN_MS = 35_000;
const GIVE_UP_AFTER_MS = 5 * 60_000;
/** It still runs, too many requests, the server cannot answer now: each says when to come back. */
const COME_BACK = new Set([409, 429, 503]);

export interface Call {
  readonly agentId: string;
  readonly runId: string;
  readonly tool: string;
  readonly args: object;
  readonly spendUsd?: number;
  /** What is meant, in one name: the same in every repeat, another one for another act. */
  readonly idempotencyKey: string;
}

/** What an agent can be told of its call. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: unknown }
  /** A rule forbids it; after so many seconds it may be different, if waiting helps at all. */
  | { readonly kind: 'blocked'; readonly reason: string; readonly retryAfterSec: number | null }
  /** Known not to be done. */
  | { readonly kind: 'failed'; readonly error: string }
  /** It may have been done: a person must look, and nobody should try another way. */
  | { readonly kind: 'unknown'; readonly callId: string | undefined };

/**
 * One governed call, repeated under the same key until there is an answer: a lost answer is not a second act.
 * @throws Error for what no repeat can mend, such as a wrong key or arguments of a wrong shape
 */
export async function callTool(call: Call): Promise<Outcome> {
  const until = Date.now() + GIVE_UP_AFTER_MS;
  let callId: string | undefined;
  for (let tries = 1; Date.now() < until; tries++) {
    const answer = await ask(call);
    if (answer === undefined) {
      // Nobody says when to come back: later each time, and not all agents at once.
      await sleep(Math.random() * Math.min(10_000, 200 * 2 ** tries));
      continue;
    }
    const { status, retryAfter, body } = answer;
    if (status === 200) return outcomeOf(body);
    callId = body.detail?.call_id ?? callId;
    if (!COME_BACK.has(status) || retryAfter === null) {
      throw new Error(`${call.tool} was answered ${status}: ${JSON.stringify(body.detail)}`);
    }
    await sleep(Number(retryAfter) * 1_000);
  }
  return { kind: 'unknown', callId };
}

interface Body {
  readonly decision: 'executed' | 'dedup' | 'blocked' | 'failed';
  readonly policy_reason: string;
  readonly call_id: string;
  readonly result?: { readonly error?: string };
  readonly retry_after_sec?: number | null;
  /** Of an error. */
  readonly detail?: { readonly call_id?: string };
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Body;
}

/** Undefined when no whole answer came in time: whether the call was acted on is not known. */
async function ask({ agentId, runId, tool, args, spendUsd, idempotencyKey }: Call): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${url}/v1/ai/run`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify({ agent_id: agentId, run_id: runId, tool, args, spend_usd: spendUsd }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const body = (await response.json()) as Body;
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
  } catch {
    return undefined;
  }
}

function outcomeOf({ decision, policy_reason, call_id, result, retry_after_sec }: Body): Outcome {
  switch (decision) {
    case 'executed':
    case 'dedup':
      return { kind: 'done', result };
    case 'blocked':
      return { kind: 'blocked', reason: policy_reason, retryAfterSec: retry_after_sec ?? null };
    case 'failed':
      if (policy_reason === 'outcome_unknown') return { kind: 'unknown', callId: call_id };
      return { kind: 'failed', error: result?.error ?? policy_reason };
  }
}
