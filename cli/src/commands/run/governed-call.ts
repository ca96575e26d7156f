import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../api/api.js';
import { callIdIn } from '../../api/next-step.js';
import { path } from '../../api/path.js';
import { Refusal, Unavailable } from '../../api/refusal.js';
import type { Call } from '../calls/call-text.js';

const LOOK_MS = 1_000;

export interface CallRequest {
  readonly agent_id: string;
  readonly tool: string;
  readonly args: object;
  readonly spend_usd: number | undefined;
  readonly run_id: string | undefined;
  readonly idempotency_key: string | undefined;
  readonly dry_run: true | undefined;
}

/**
 * Makes a call, and stays with one that may have been accepted: it is looked up, not sent again, because a tool whose
 * dedup window is 0 would act again. An idempotency key takes that worry away.
 *
 * @param async takes for an answer what is known first, also that it still runs, instead of waiting for its end
 * @throws Refusal, Unavailable
 */
export async function governedCall(api: Api, call: CallRequest, async = false): Promise<Call> {
  const repeat = call.idempotency_key === undefined && call.dry_run === undefined ? 'when-unsent' : 'always';
  try {
    return await api.post<Call>('/v1/ai/run', call, { repeat, async });
  } catch (error) {
    const callId = followed(error);
    if (callId !== undefined) return lookedUp(api, callId, { async, first: error });
    throw repeat === 'always' ? error : warned(error);
  }
}

/** The call that goes on although its answer is an error. */
function followed(error: unknown): string | undefined {
  if (error instanceof Unavailable) return callIdIn(error.last.body);
  return error instanceof Refusal && error.code === 'in_progress' ? callIdIn(error.body) : undefined;
}

/** How it ends, or that it still runs. One that stays unknown was not accepted, or is not yet seen. */
async function lookedUp(
  api: Api,
  callId: string,
  { async, first }: { readonly async: boolean; readonly first: unknown },
): Promise<Call> {
  const until = Date.now() + api.server.waitMs;
  for (;;) {
    const call = await knownCall(api, callId);
    if (call !== undefined && (async || call.decision !== 'in_progress')) return call;
    if (Date.now() + LOOK_MS > until) {
      if (call === undefined) throw first;
      return call;
    }
    await pause(LOOK_MS);
  }
}

async function knownCall(api: Api, callId: string): Promise<Call | undefined> {
  try {
    return await api.get<Call>(path`/v1/calls/${callId}`);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

function warned(error: unknown): unknown {
  if (!(error instanceof Unavailable) || !error.last.callMayHaveArrived) return error;
  const hint =
    'the call may have been made. The same again is the same call, unless the dedup_window_sec of its tool is 0';
  return new Unavailable(`${error.message}; ${hint}`, error.last);
}
