import { mustCover, type Caller } from '../auth/caller.js';
import type { DryRuns } from '../dry-run/dry-runs.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { inProgressAnswer, type CallAnswer } from './call-answer.js';
import type { AcceptedCall, GovernedCalls } from './governed-calls.js';
import { asyncPatienceMs } from './prefer.js';
import type { RunBody } from './run.schema.js';

/** What a client sends to `POST /ai/run`. */
export interface RunRequest {
  readonly caller: Caller;
  readonly sent: RunBody;
  /** The `Idempotency-Key` header. */
  readonly idempotencyKey?: string | undefined;
  /** The `Prefer` header. */
  readonly prefer?: string | undefined;
  /** W3C `traceparent`. */
  readonly trace?: string | undefined;
}

export interface RunAnswer {
  /** 202: the call goes on, and the client, who did not want to wait, may ask for it by its id. */
  readonly status: 200 | 202;
  readonly body: CallAnswer;
}

/** Contract section 3, behind HTTP. */
export class RunRequests {
  constructor(
    private readonly calls: GovernedCalls,
    private readonly dryRuns: DryRuns,
  ) {}

  /**
   * @param onAccepted hears of the call as soon as it is in CALLS
   * @throws ContractError 402, 403, 404, 409, 413, 422, 503
   */
  async run(request: RunRequest, onAccepted: (accepted: AcceptedCall) => void = () => undefined): Promise<RunAnswer> {
    const { caller, sent, trace } = request;
    mustCover(caller, sent.agent_id);
    const idempotencyKey = idempotencyKeyOf(request.idempotencyKey, sent.idempotency_key);
    if (sent.dry_run === true)
      return { status: 200, body: await this.dryRuns.answer({ caller, sent, idempotencyKey }) };
    const patienceMs = asyncPatienceMs(request.prefer);
    const respondAsync = patienceMs !== undefined;
    const accepted = await this.calls.accept({ caller, sent, idempotencyKey, trace, respondAsync });
    onAccepted(accepted);
    if (!respondAsync) return { status: 200, body: await accepted.answer() };
    const known = await accepted.within(patienceMs);
    return known === undefined ? { status: 202, body: inProgressAnswer(accepted.call) } : { status: 200, body: known };
  }
}
