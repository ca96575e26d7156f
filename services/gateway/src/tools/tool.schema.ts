import { addressAllowed, literalAddressOf, ON_UNKNOWN, type AddressRule } from '@tollgate/events';
import { z } from 'zod';
import { body, scope, text, toolName } from '../http/contract-fields.js';

const MAX_URL = 2_048;
/** A week. */
const LONGEST_OVERLAP_SEC = 604_800;

const registeredName = toolName.regex(/^[a-zA-Z0-9_.:-]+$/, 'A tool name has only letters, digits and _ . : -');

/** `http` or `https`, without user info; nothing of it is echoed, for it may hold a password all the same. */
const toolUrl = text(1, MAX_URL).refine(isToolUrl, {
  message: 'Input should be an http or https URL without user info',
  params: { type: 'url_parsing' },
});

const auth = z.object({
  type: z.literal('hmac_sha256'),
  secret: text(8, 4_096),
  overlap_sec: z.int().min(0).max(LONGEST_OVERLAP_SEC).optional(),
});
export type ToolAuth = z.output<typeof auth>;

export const toolBody = body({
  name: registeredName,
  scope_id: scope.default('global'),
  url: toolUrl.optional(),
  auth: auth.optional(),
  timeout_ms: z.int().min(250).max(120_000).optional(),
  max_retries: z.int().min(0).max(10).optional(),
  enabled: z.boolean().optional(),
  description: text(0, 512).optional(),
  on_unknown: z.enum(ON_UNKNOWN).optional(),
  reconcile_url: toolUrl.optional(),
  dedup_window_sec: z.int().min(0).max(2_592_000).optional(),
  run_id_is_argument: z.boolean().optional(),
  server_error_is: z.enum(['failed', 'unknown']).optional(),
});
export type ToolBody = z.output<typeof toolBody>;

export const toolPath = z.object({ name: toolName });
export type ToolPath = z.output<typeof toolPath>;

export const scopeQuery = z.object({ scope_id: scope.default('global') });
export type ScopeQuery = z.output<typeof scopeQuery>;

export const listQuery = z.object({ scope_id: z.union([z.literal('all'), scope]).default('global') });
export type ListQuery = z.output<typeof listQuery>;

export const toggleBody = body({ enabled: z.boolean() });
export type ToggleBody = z.output<typeof toggleBody>;

/** A literal address that no connection would be made to is refused at once; names are checked at each connection. */
export function refusesAddress(url: string, rule: AddressRule): boolean {
  const address = literalAddressOf(url);
  return address !== undefined && !addressAllowed(address, rule);
}

function isToolUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return (
    parsed !== null &&
    /^https?:$/.test(parsed.protocol) &&
    parsed.username === '' &&
    parsed.password === '' &&
    !hasUserInfo(url)
  );
}

/** `http://@host/` and `http://:@host/` parse to no user, but some other reader may see one. */
const hasUserInfo = (url: string): boolean => /^[^/\\]*[/\\]*[^/\\?#]*@/.test(url);
