import {
  agentDisabled,
  attemptEnded,
  blocked,
  blockedOutcome,
  dispatchQueued,
  dispatchStarted,
  executed,
  failed,
  failedOutcome,
  holdEnded,
  inDoubt,
  keyCreated,
  keyRevoked,
  reconcileAnswered,
  reconcileQueued,
  resolved,
  toolDeleted,
  toolSet,
  unknownOutcome,
  type AttemptAnswer,
  type DataOf,
  type Draft,
  type FailureCode,
  type KeyDocument,
  type LeasedCall,
  type Outcome,
  type Payload,
  type ToolDocument,
} from '@tollgate/events';

export const NOON = Date.UTC(2026, 10, 21, 12);
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
export const HOLD = 30 * DAY;
export const TENANT = 'acme';
export const COST = 2_500_000;
export const TIMEOUT = 15 * SECOND;
export const CALL_DEADLINE = NOON + 15 * MINUTE;
/** When an attempt that was decided at noon may be called unknown. */
export const ATTEMPT_DEADLINE = NOON + TIMEOUT + 5 * SECOND;

export function leased(callId = 'call_1', agent = 'billing', deadline = CALL_DEADLINE): LeasedCall {
  const call = {
    callId,
    runId: callId,
    agent,
    tool: 'pay',
    argsHash: 'args',
    keyId: 'key_1',
    gateway: 'gw',
    waitUntil: NOON + 30 * SECOND,
    requestedAt: NOON,
    deadline,
    requestedId: 1,
  };
  const terms = { scope: 'global', cost: COST, caps: {}, dedupHash: 'args', windowSec: 60 };
  const args = { callId, inline: { k: 'k', b: 'sealed' } };
  return { call, terms, args, grant: { leaseKey: `key of ${callId}`, outgoingKey: `tg_${callId}` } };
}
export const one = leased();

export const tool: ToolDocument = {
  name: 'pay',
  scope: 'global',
  url: 'https://tools.example/pay',
  secret: { k: 'k', b: 'sealed' },
  secretId: 'sec_1',
  secretMask: '***',
  timeoutMs: TIMEOUT,
  maxRetries: 2,
  enabled: true,
  onUnknown: 'hold',
  dedupWindowSec: 60,
  runIdIsArgument: false,
  serverErrorIs: 'failed',
  createdAt: 0,
  updatedAt: 0,
};
const key: KeyDocument = {
  id: 'key_admin',
  hash: 'hash',
  preview: 'tg_live_…',
  name: null,
  role: 'admin',
  agents: [],
  createdAt: 0,
  expiresAt: null,
};

/** What is configured. */
export const toolIs = (change: Partial<ToolDocument> = {}, tenant = TENANT): Draft =>
  toolSet.draft(tenant, { by: '-', tool: { ...tool, ...change } });
export const toolIsGone = (): Draft => toolDeleted.draft(TENANT, { by: '-', name: 'pay', scope: 'global' });
export const agentIsDisabled = (agent = 'billing'): Draft =>
  agentDisabled.draft(TENANT, { by: '-', agent, reason: null, at: NOON });
export const keyIs = (change: Partial<KeyDocument> = {}, tenant = TENANT): Draft =>
  keyCreated.draft(tenant, { by: '-', key: { ...key, ...change } });
export const keyIsRevoked = (): Draft => keyRevoked.draft(TENANT, { by: '-', id: 'key_admin' });

/** What tools answer. */
export const RESULT: Payload = { callId: 'call_1', inline: { k: 'k', b: 'result' } };
export const DONE: AttemptAnswer = { known: 'executed', httpStatus: 200, result: RESULT };
export const NOT_SENT: AttemptAnswer = { known: 'not_sent', code: 'connect_failed' };
export const MISSED: AttemptAnswer = { known: 'not_sent', code: 'internal_error' };
export const REFUSED: AttemptAnswer = { known: 'refused', httpStatus: 429 };
export const TOOL_ERROR: AttemptAnswer = { known: 'tool_error', httpStatus: 422 };
export const UNKNOWN: AttemptAnswer = { known: 'unknown', code: 'timeout', httpStatus: null };
export const SERVER_ERROR: AttemptAnswer = { known: 'unknown', code: 'server_error', httpStatus: 502 };

/** The events of the dispatch journal. */
export const queued = (call = one): Draft => dispatchQueued.draft(TENANT, call);
export const started = (attempt = 1, at = NOON, { call } = one): Draft =>
  dispatchStarted.draft(TENANT, { call, attempt, attemptDeadline: at + TIMEOUT + 5 * SECOND });
export const ended = (attempt: number, answer: AttemptAnswer, retryAt?: number, { call } = one): Draft => {
  const code = codeOf(answer);
  return attemptEnded.draft(TENANT, {
    call,
    attempt,
    known: answer.known,
    ...(code === undefined ? {} : { code }),
    httpStatus: answer.known === 'not_sent' ? null : answer.httpStatus,
    ...(retryAt === undefined ? {} : { retryAt }),
  });
};
/** The tool is going to be asked. */
export const asks = (question = 1, attempt = 1, askAt = NOON): Draft =>
  reconcileQueued.draft(TENANT, { call: one.call, attempt, question, askAt });
/** What it said. */
export const says = (
  word: DataOf<typeof reconcileAnswered>['says'],
  more: Partial<DataOf<typeof reconcileAnswered>> = {},
): Draft =>
  reconcileAnswered.draft(TENANT, { call: one.call, attempt: 1, question: 1, says: word, httpStatus: 200, ...more });
/** The attempt ended and may be tried again at once. */
export const again = (attempt: number, answer: AttemptAnswer, call = one): Draft => ended(attempt, answer, NOON, call);

function codeOf(answer: AttemptAnswer): FailureCode | undefined {
  switch (answer.known) {
    case 'executed':
      return undefined;
    case 'refused':
    case 'tool_error':
      return answer.known;
    default:
      return answer.code;
  }
}

const EXECUTED = { decision: 'executed', reason: 'ok', spend: COST } as const;

export const done = (attempt = 1): Draft =>
  executed.draft(TENANT, {
    call: one.call,
    outcome: { ...EXECUTED, result: RESULT, attempt, httpStatus: 200 },
  });
/** Its tool said, when it was asked, that it had done it. */
export const doneAsAsked = (attempt = 1): Draft =>
  executed.draft(TENANT, { call: one.call, outcome: { ...EXECUTED, attempt, result: RESULT } });
export const failedWith = (code: FailureCode, status: number | null, attempt?: number, { call } = one): Draft => {
  const sent = attempt === undefined ? {} : { attempt, httpStatus: status };
  return failed.draft(TENANT, { call, outcome: { ...failedOutcome(code, status), ...sent } });
};
export const failedAs = (outcome: Outcome): Draft => failed.draft(TENANT, { call: one.call, outcome });
export const disabled = ({ call } = one): Draft =>
  blocked.draft(TENANT, { call, outcome: blockedOutcome('agent_disabled') });
export const doubt = (
  code: FailureCode,
  status: number | null,
  attempt: number,
  heldUntil = NOON + HOLD,
  { call } = one,
): Draft => {
  const outcome = { ...unknownOutcome(code, status, COST), attempt, httpStatus: status };
  return inDoubt.draft(TENANT, { call, outcome, heldUntil });
};
export const resolvedAs = (outcome: Outcome, more: Partial<DataOf<typeof resolved>> = {}): Draft =>
  resolved.draft(TENANT, { call: one.call, outcome, ...more });
export const resolvedDone = (attempt = 1): Draft =>
  resolvedAs({ ...EXECUTED, result: RESULT, attempt, httpStatus: 200 });
export const holdIsOver = (callId = 'call_1'): Draft => holdEnded.draft(TENANT, { callId });
