import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowId } from './rows.js';

const PAGE = join(import.meta.dirname, '../../../docs/contract.md');

/** Every row of the tables of docs/contract.md, by section, its first cell and, where that is a status, its second; and which tests show it. */
export const TABLE_ROWS: Readonly<Record<string, readonly RowId[]>> = {
  '0: 400 "Bad Request"': ['0/400-not-http'],
  '0: 400 {error:"unknown_tools",message,tools}': ['0/400-unknown-tools'],
  '0: 401 "Missing Authorization Bearer token"': ['0/401'],
  '0: 402 {error:"payment_required",message,highlights:"Plan limit reached",plan,limit,usage,upgrade_url}': ['0/402'],
  '0: 403 "Invalid API key"': ['0/403-invalid-key'],
  '0: 403 {error:"forbidden",message}': ['0/403-forbidden'],
  '0: 403 {error:"feature_not_available",message}': ['0/403-feature'],
  '0: 403 {error:"plan_limit",message:"FREE plan limit: max 1 tools"}': ['0/403-plan-limit'],
  '0: 404, 405 "Not Found", "Method Not Allowed" (with Allow)': ['0/404-route', '0/405-method'],
  '0: 404 {error:"not_found", "tool_not_found" or "policy_not_found",message}': ['0/404-thing'],
  '0: 409 {error,message,…}': ['0/409'],
  '0: 413 {error:"payload_too_large",message}': ['0/413-body', '0/413-args', '0/413-result'],
  '0: 422 [{type,loc,msg,input}], loc starting with body, query or path': ['0/422', '0/422-not-json', '0/422-input'],
  '0: 429 {error:"rate_limited",message} + Retry-After': ['0/429', '0/429-per-key', '0/429-retry'],
  '0: 500 {error:"internal",message}': ['0/500'],
  '0: 503 {error:"unavailable",message} + Retry-After': ['0/503-bus', '0/503-store', '0/503-overload', '0/503-call-id'],
  '3.1: ran': ['3.1/ran'],
  '3.1: repeat of a completed call': ['3.1/repeat'],
  '3.1: not on a non-empty allow list': ['3.1/not-allowed'],
  '3.1: on the block list (wins over the allow list)': ['3.1/block-listed'],
  '3.1: agent disabled': ['3.1/disabled-agent'],
  '3.1: hourly cap': ['3.1/hourly-cap'],
  '3.1: per-tool daily cap': ['3.1/tool-cap'],
  '3.1: daily spend cap': ['3.1/spend-cap'],
  '3.1: the tool failed, or nothing was sent': ['3.1/tool-failed'],
  '3.1: outcome unknown (T)': ['3.1/unknown'],
  '3.1: dry run that would pass (T)': ['3.1/dry-run'],
  '3.1: tool_error': ['6/tool-error'],
  '3.1: refused': ['6/refused'],
  '3.1: connect_failed, address_refused, tls_failed': ['6/not-sent', '6/address-name'],
  '3.1: timeout, connection_lost, server_error': ['6/unknown-timeout', '6/unknown-reset', '6/unknown-5xx'],
  '3.1: expired': ['3.1/expired', '3.1/waited-too-long'],
  '3.1: internal_error': ['3.1/internal-error'],
  '4: strict': ['4/templates'],
  '4: moderate': ['4/templates'],
  '4: permissive': ['4/templates'],
  '4: read_only': ['4/templates'],
  '4: support_bot': ['4/templates'],
  '6: X-OnceOnly-Signature': ['6/signature'],
  '6: X-OnceOnly-Signature-Alg': ['6/request'],
  '6: X-OnceOnly-Timestamp': ['6/request'],
  '6: Idempotency-Key (T)': ['6/request', '6/key-retries'],
  '6: webhook-id, webhook-timestamp, webhook-signature (T)': ['6/standard-webhooks'],
  '6: X-OnceOnly-Signature-Previous (T)': ['6/rotation'],
  '6: traceparent (T)': ['6/traceparent'],
  '6: executed': ['6/executed', '6/executed-large'],
  '6: not sent': ['6/not-sent'],
  '6: refused': ['6/refused'],
  "6: the tool's own error": ['6/tool-error', '6/server-error-is'],
  '6: unknown': ['6/unknown-timeout', '6/unknown-reset', '6/unknown-5xx', '6/unknown-crash'],
  '6: hold': ['6/hold'],
  '6: retry': ['6/retry'],
  '6: reconcile': ['6/reconcile', '6/reconcile-not-executed', '6/reconcile-unknown', '6/reconcile-disabled'],
  '6: fail': ['6/fail'],
  '8: locked': ['8/events-leases'],
  '8: duplicate': ['8/events-leases'],
  '8: over_limit': ['8/events-leases'],
  '8: ai_acquired': ['8/events-leases'],
  '8: ai_in_progress': ['8/events-leases'],
  '8: ai_extended': ['8/events-leases'],
  '8: ai_completed': ['8/events-leases'],
  '8: ai_failed': ['8/events-leases'],
  '8: ai_canceled': ['8/events-leases'],
  '8: ai_over_limit': ['8/events-leases'],
  '8: tool_executed': ['8/events'],
  '8: tool_dedup': ['8/events'],
  '8: tool_blocked': ['8/events'],
  '8: tool_failed': ['8/events'],
  '8: run_started': ['8/run-types'],
  '8: policy_decided': ['8/run-types'],
  '8: lease_decided': ['8/run-types'],
  '8: budget_decided': ['8/run-types'],
  '8: dispatch_decided': ['8/run-types'],
  '8: tool_call': ['8/run-types'],
  '8: tool_result': ['8/run-types'],
  '8: tool_reconciled': ['6/reconcile'],
  '8: run_finished': ['8/run-types'],
  '8: run_resolved': ['8/run-resolved'],
  '8: job_finished (T)': ['3.2/timeline'],
  '9: lists': ['9/lists'],
  '9: hourly, per-tool, spend caps': ['9/caps'],
  '9: pricing rules / templates': ['9/pricing', '9/templates'],
  '9: disable, enable, logs, metrics': ['9/agents'],
  '9: tools': ['9/tools', '9/tools-at-once'],
  '9: TTL default / maximum': ['9/ttl'],
  '9: make / ai credits a month': ['9/credits', '9/paid-goes-on', '9/call'],
};

/** The rows of the page's tables, named as above; those of its contents and of what is still to come are none. */
export function tableRowsOfPage(): readonly string[] {
  // A part of a section has no number of its own, or one below the section's.
  const sections = readFileSync(PAGE, 'utf8').split(/^(?=#+ (?:\d|Not yet))/m);
  return sections.flatMap((text) => {
    const number = /^#+ (\d+(\.\d+)?)/.exec(text)?.[1];
    return number === undefined ? [] : rowsIn(text).map((name) => `${number}: ${name}`);
  });
}

/** Below the line of dashes of each table; without the marks of code. */
function rowsIn(text: string): readonly string[] {
  // A table may stand in a list, indented.
  const lines = text.split('\n').map((line) => line.trim());
  const isRow = (line: string | undefined) => line?.startsWith('|') === true;
  return lines
    .filter((line, at) => isRow(line) && !line.startsWith('|--') && !lines[at + 1]?.startsWith('|--'))
    .map((line) =>
      line
        .replaceAll('`', '')
        .split('|')
        .map((cell) => cell.trim()),
    )
    .map(([, first = '', second = '']) => (/^\d{3}/.test(first) ? `${first} ${second}` : first));
}
