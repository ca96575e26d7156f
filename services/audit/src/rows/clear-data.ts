import { clearCredits, clearLock, clearTask } from './clear-task.js';
import type { CallHeader, EndingEvent, PassedCall, TollgateEvent } from '@tollgate/events';

/** What anybody may read of an event. Listed member by member, so that what an event gains later is not shown by itself (G6). */
export function clearData(event: TollgateEvent): object {
  switch (event.type) {
    case 'policy-passed':
    case 'lease-acquired':
    case 'lease-waiting':
    case 'budget-reserved':
    case 'cap-checking':
    case 'dispatch-queued':
      return passedData(event.data);
    case 'dispatch-started':
      return {
        ...headerData(event.data.call),
        attempt: event.data.attempt,
        attempt_deadline: event.data.attemptDeadline,
      };
    case 'attempt-ended':
      return { ...headerData(event.data.call), ...attemptData(event.data) };
    case 'reconcile-queued':
      return {
        ...headerData(event.data.call),
        attempt: event.data.attempt,
        question: event.data.question,
        ask_at: event.data.askAt,
      };
    case 'reconcile-answered':
      return { ...headerData(event.data.call), ...answerData(event.data) };
    case 'blocked':
    case 'deduplicated':
    case 'executed':
    case 'failed':
      return endingData(event);
    case 'in-doubt':
      return { ...endingData(event), held_until: event.data.heldUntil };
    case 'resolved':
      return { ...endingData(event), by: event.data.by, note: event.data.note };
    case 'lease-settled':
      return { state: event.data.how.state, ...('until' in event.data.how ? { until: event.data.how.until } : {}) };
    case 'budget-released':
      return { agent: event.data.agent, what: event.data.what };
    case 'key-tainted':
    case 'hold-ended':
    case 'key-carried':
    case 'call-carried':
    case 'task-carried':
    case 'lock-carried':
    case 'usage-carried':
    case 'journal-kept':
      return {};
    case 'lock-taken':
    case 'lock-repeated':
      return { ...clearLock(event.data.lock), ...clearCredits(event.data.credits) };
    case 'task-acquired':
    case 'task-polled':
      return { ...clearTask(event.data.task), ...clearCredits(event.data.credits) };
    case 'task-extended':
    case 'task-completed':
    case 'task-failed':
    case 'task-canceled':
    case 'task-expired':
    case 'task-reset':
    case 'task-answered':
      return clearTask(event.data.task);
    case 'command-refused':
      return { key: event.data.key, does: event.data.does, why: event.data.why };
    case 'action-begun':
      return { key: event.data.key, call_id: event.data.callId };
    case 'action-ended': {
      const { callId, tool, decision, reason } = event.data.ended;
      return { key: event.data.key, call_id: callId, tool, decision, reason };
    }
    case 'credits-checking':
      return { id: event.data.id };
    case 'resolution-answered':
      return { command_id: event.data.commandId, answer: event.data.answer };
    case 'settlement-answered': {
      const { input, says, note, answer } = event.data;
      return { input, says, note, answer };
    }
    case 'owner-changed':
      return { owner: event.data.owner, epoch: event.data.epoch };
    case 'config-applied':
      return { seq: event.data.seq };
    case 'input-parked':
      return { ...event.data };
    case 'requested':
    case 'resolution-requested':
    case 'settlement-requested':
    case 'answer-handed-over':
    case 'command-requested':
    case 'note-posted':
    case 'requests-limited':
      return {};
    case 'policy-set':
      return { policy: event.data.policy };
    case 'tool-set':
      return { tool: withoutSecret(event.data.tool) };
    case 'tool-deleted':
      return { name: event.data.name, scope: event.data.scope };
    case 'agent-disabled':
      return { agent: event.data.agent, reason: event.data.reason };
    case 'agent-enabled':
      return { agent: event.data.agent };
    case 'key-created':
      return { key: withoutHash(event.data.key) };
    case 'key-revoked':
      return { id: event.data.id };
    case 'tenant-created':
      return { id: event.data.id, name: event.data.name };
    case 'tenant-changed':
      return { tenant: withoutEmail(event.data.tenant) };
  }
}

const headerData = (call: CallHeader): object => ({
  args_hash: call.argsHash,
  key_id: call.keyId,
  requested_at: call.requestedAt,
  deadline: call.deadline,
  policy_version: call.policyVersion,
  would_block: call.wouldBlock,
});

const passedData = ({ call, terms }: PassedCall): object => ({
  ...headerData(call),
  scope: terms.scope,
  cost_micros: terms.cost,
  caps: terms.caps,
  window_sec: terms.windowSec,
  mode: terms.mode,
});

type AttemptEnded = Extract<TollgateEvent, { type: 'attempt-ended' }>['data'];

const attemptData = ({ attempt, known, code, httpStatus }: AttemptEnded): object => ({
  attempt,
  known,
  code,
  http_status: httpStatus,
});

type ReconcileAnswered = Extract<TollgateEvent, { type: 'reconcile-answered' }>['data'];

const answerData = ({ attempt, question, says, httpStatus }: ReconcileAnswered): object => ({
  attempt,
  question,
  says,
  http_status: httpStatus,
});

function endingData({ data: { call, outcome } }: EndingEvent): object {
  return {
    ...headerData(call),
    decision: outcome.decision,
    reason: outcome.reason,
    spend_micros: outcome.spend,
    error: outcome.error,
    cap: outcome.cap,
    original_call_id: outcome.originalCallId,
    attempt: outcome.attempt,
    http_status: outcome.httpStatus,
  };
}

type Tool = Extract<TollgateEvent, { type: 'tool-set' }>['data']['tool'];
type Key = Extract<TollgateEvent, { type: 'key-created' }>['data']['key'];

type Tenant = Extract<TollgateEvent, { type: 'tenant-changed' }>['data']['tenant'];

const withoutSecret = ({ secret: _, previous, ...tool }: Tool): object =>
  previous === undefined ? tool : { ...tool, previous: { secretId: previous.secretId, until: previous.until } };
const withoutHash = ({ hash: _, ...key }: Key): object => key;
const withoutEmail = ({ email: _, ...tenant }: Tenant): object => tenant;
