import { budgetReleased } from './budget/budget-released.js';
import { budgetReserved } from './budget/budget-reserved.js';
import { capChecking } from './budget/cap-checking.js';
import { answerHandedOver } from './calls/answer-handed-over.js';
import { requested } from './calls/requested.js';
import { resolutionRequested } from './calls/resolution-requested.js';
import { settlementRequested } from './calls/settlement-requested.js';
import { agentDisabled } from './config/agent-disabled.js';
import { agentEnabled } from './config/agent-enabled.js';
import { keyCreated } from './config/key-created.js';
import { keyRevoked } from './config/key-revoked.js';
import { policySet } from './config/policy-set.js';
import { tenantChanged } from './config/tenant-changed.js';
import { tenantCreated } from './config/tenant-created.js';
import { toolDeleted } from './config/tool-deleted.js';
import { toolSet } from './config/tool-set.js';
import { attemptEnded } from './dispatch/attempt-ended.js';
import { callCarried } from './dispatch/call-carried.js';
import { dispatchQueued } from './dispatch/dispatch-queued.js';
import { dispatchStarted } from './dispatch/dispatch-started.js';
import { executed } from './dispatch/executed.js';
import { holdEnded } from './dispatch/hold-ended.js';
import { inDoubt } from './dispatch/in-doubt.js';
import { reconcileAnswered } from './dispatch/reconcile-answered.js';
import { reconcileQueued } from './dispatch/reconcile-queued.js';
import { resolutionAnswered } from './dispatch/resolution-answered.js';
import { settlementAnswered } from './dispatch/settlement-answered.js';
import { resolved } from './dispatch/resolved.js';
import type { EventOf } from './event.js';
import { blocked } from './host/blocked.js';
import { configApplied } from './host/config-applied.js';
import { failed } from './host/failed.js';
import { inputParked } from './host/input-parked.js';
import { journalKept } from './host/journal-kept.js';
import { ownerChanged } from './host/owner-changed.js';
import { deduplicated } from './lease/deduplicated.js';
import { keyTainted } from './lease/key-tainted.js';
import { keyCarried } from './lease/key-carried.js';
import { leaseAcquired } from './lease/lease-acquired.js';
import { leaseSettled } from './lease/lease-settled.js';
import { leaseWaiting } from './lease/lease-waiting.js';
import { notePosted } from './notes/note-posted.js';
import { requestsLimited } from './notes/requests-limited.js';
import { policyPassed } from './policy/policy-passed.js';
import { commandRequested } from './tasks/command.js';
import { lockTaken } from './tasks/lock-taken.js';
import { lockRepeated } from './tasks/lock-repeated.js';
import { taskAcquired } from './tasks/task-acquired.js';
import { taskPolled } from './tasks/task-polled.js';
import { taskExtended } from './tasks/task-extended.js';
import { taskCompleted } from './tasks/task-completed.js';
import { taskFailed } from './tasks/task-failed.js';
import { taskCanceled } from './tasks/task-canceled.js';
import { taskExpired } from './tasks/task-expired.js';
import { taskReset } from './tasks/task-reset.js';
import { taskAnswered } from './tasks/task-answered.js';
import { commandRefused } from './tasks/command-refused.js';
import { actionBegun } from './tasks/action-begun.js';
import { actionEnded } from './tasks/action-ended.js';
import { creditsChecking } from './tasks/credits-checking.js';
import { lockCarried, taskCarried, usageCarried } from './tasks/carried.js';

/** Every kind of event. A new one is one file and one line here. */
export const EVENT_KINDS = [
  requested,
  resolutionRequested,
  settlementRequested,
  answerHandedOver,
  policyPassed,
  leaseAcquired,
  leaseWaiting,
  leaseSettled,
  keyTainted,
  keyCarried,
  deduplicated,
  commandRequested,
  lockTaken,
  lockRepeated,
  taskAcquired,
  taskPolled,
  taskExtended,
  taskCompleted,
  taskFailed,
  taskCanceled,
  taskExpired,
  taskReset,
  taskAnswered,
  commandRefused,
  actionBegun,
  actionEnded,
  creditsChecking,
  taskCarried,
  lockCarried,
  usageCarried,
  budgetReserved,
  capChecking,
  budgetReleased,
  dispatchQueued,
  dispatchStarted,
  attemptEnded,
  reconcileQueued,
  reconcileAnswered,
  executed,
  inDoubt,
  resolved,
  resolutionAnswered,
  settlementAnswered,
  holdEnded,
  callCarried,
  blocked,
  failed,
  ownerChanged,
  configApplied,
  journalKept,
  inputParked,
  policySet,
  toolSet,
  toolDeleted,
  agentDisabled,
  agentEnabled,
  keyCreated,
  keyRevoked,
  tenantCreated,
  tenantChanged,
  notePosted,
  requestsLimited,
] as const;

/** Any event of Tollgate, discriminated by `type`. */
export type TollgateEvent = EventOf<(typeof EVENT_KINDS)[number]>;

/** The events that end a call; `resolved` gives an in-doubt one its final end. */
export const ENDING_TYPES = ['blocked', 'deduplicated', 'executed', 'in-doubt', 'failed', 'resolved'] as const;
export type EndingEvent = Extract<TollgateEvent, { type: (typeof ENDING_TYPES)[number] }>;

export function isEnding(event: TollgateEvent): event is EndingEvent {
  return (ENDING_TYPES as readonly string[]).includes(event.type);
}

/** Events that only repeat what the journal said before, so that it can be purged (rule 15): they are projected nowhere. */
export function isCarried({ type }: TollgateEvent): boolean {
  return type.endsWith('-carried') || type === 'journal-kept';
}
