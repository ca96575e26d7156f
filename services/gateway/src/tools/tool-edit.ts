import { isDeepStrictEqual } from 'node:util';
import type { ToolDocument } from '@tollgate/events';
import { isoTime } from '../http/times.js';
import type { ToolBody } from './tool.schema.js';

/** A tool's secret as stored: sealed, and what people may see of it. */
export type StoredSecret = Pick<ToolDocument, 'secret' | 'secretId' | 'secretMask' | 'previous'>;

/** What a new tool has where nothing was said (contract section 6). */
const DEFAULTS = {
  timeoutMs: 15_000,
  maxRetries: 2,
  enabled: true,
  onUnknown: 'hold',
  dedupWindowSec: 86_400,
  runIdIsArgument: false,
  serverErrorIs: 'failed',
} as const;

/** What a tool cannot be made without. */
export type MissingMember = 'url' | 'auth' | 'reconcile_url';

/**
 * The tool after a POST: missing members keep their value. `secret` is the secret that was sent, or the current one
 * when it is the same or none was sent. A repeat gives the current tool itself.
 */
export function mergedTool(
  current: ToolDocument | undefined,
  sent: ToolBody,
  secret: StoredSecret | undefined,
  now: number,
): ToolDocument | MissingMember {
  const url = sent.url ?? current?.url;
  if (url === undefined) return 'url';
  if (secret === undefined) return 'auth';
  const base = current ?? DEFAULTS;
  const onUnknown = sent.on_unknown ?? base.onUnknown;
  const reconcileUrl = sent.reconcile_url ?? current?.reconcileUrl;
  if (onUnknown === 'reconcile' && reconcileUrl === undefined) return 'reconcile_url';
  const description = sent.description ?? current?.description;
  const merged: ToolDocument = {
    name: sent.name,
    scope: sent.scope_id,
    url,
    ...secret,
    timeoutMs: sent.timeout_ms ?? base.timeoutMs,
    maxRetries: sent.max_retries ?? base.maxRetries,
    enabled: sent.enabled ?? base.enabled,
    ...(description === undefined ? {} : { description }),
    onUnknown,
    ...(reconcileUrl === undefined ? {} : { reconcileUrl }),
    dedupWindowSec: sent.dedup_window_sec ?? base.dedupWindowSec,
    runIdIsArgument: sent.run_id_is_argument ?? base.runIdIsArgument,
    serverErrorIs: sent.server_error_is ?? base.serverErrorIs,
    createdAt: current?.createdAt ?? now,
    updatedAt: current?.updatedAt ?? now,
  };
  return current !== undefined && isDeepStrictEqual(merged, current) ? current : { ...merged, updatedAt: now };
}

const MASK_SHOWS_FROM = 16;
const MASK_SHOWS = 3;

/** The last three characters of a long secret tell which one it is; a short one shows nothing. */
export function secretMask(secret: string): string {
  const characters = Array.from(secret);
  return characters.length >= MASK_SHOWS_FROM ? `***${characters.slice(-MASK_SHOWS).join('')}` : '***';
}

/** A tool as answered at this time: never its secret; of the one before as long as it still signs. */
export const toolAnswer = (tool: ToolDocument, now: number) => ({
  name: tool.name,
  scope_id: tool.scope,
  url: tool.url,
  timeout_ms: tool.timeoutMs,
  max_retries: tool.maxRetries,
  enabled: tool.enabled,
  description: tool.description ?? null,
  on_unknown: tool.onUnknown,
  reconcile_url: tool.reconcileUrl ?? null,
  dedup_window_sec: tool.dedupWindowSec,
  run_id_is_argument: tool.runIdIsArgument,
  server_error_is: tool.serverErrorIs,
  has_secret: true,
  secret_id: tool.secretId,
  secret_mask: tool.secretMask,
  ...previousSecret(tool.previous, now),
  created_at: isoTime(tool.createdAt),
  updated_at: isoTime(tool.updatedAt),
});

function previousSecret(previous: ToolDocument['previous'], now: number) {
  const overlaps = previous !== undefined && now < previous.until;
  return {
    previous_secret_id: overlaps ? previous.secretId : null,
    previous_secret_until: overlaps ? isoTime(previous.until) : null,
  };
}
