import type { JsonValue } from '@tollgate/sealing';
import type { SendResult } from './send-result.js';

/** What a tool's `reconcile_url` says about a call. */
export type ReconcileAnswer =
  { status: 'executed'; result: JsonValue } | { status: 'not_executed' } | { status: 'unknown' };

/** Reads `{status, result?}` (contract section 6); whatever is not a clear word of the tool is `unknown`. */
export function reconcileAnswer(sent: SendResult): ReconcileAnswer {
  const answer = sent.known === 'executed' ? sent.result : null;
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return { status: 'unknown' };
  if (answer['status'] === 'not_executed') return { status: 'not_executed' };
  return answer['status'] === 'executed'
    ? { status: 'executed', result: asObject(answer['result']) }
    : { status: 'unknown' };
}

/** Another JSON value is wrapped, as a tool's own answer is. */
function asObject(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? value : { value };
}
