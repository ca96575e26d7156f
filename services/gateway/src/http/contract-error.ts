import type { WireIssue } from './json-refusal.js';

type ErrorBody = { readonly error: string; readonly message: string; readonly [member: string]: unknown };
export type ErrorDetail = string | ErrorBody | readonly WireIssue[];
type Headers = Readonly<Record<string, string>>;

/** An answer of the contract that is an error (section 0). Its text is written by us and quotes nobody. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  constructor(
    readonly status: number,
    readonly detail: ErrorDetail,
    readonly headers: Headers = {},
    options?: ErrorOptions,
  ) {
    super(`answers ${status}`, options);
  }

  /** Refused for want of room, not because something is away. */
  get isOverload(): boolean {
    return this.cause === OVERLOAD;
  }
}

const OVERLOAD = Symbol('overload');

const MIN_RETRY_SEC = 1;
const MAX_RETRY_SEC = 30;

/** `Retry-After`: clients sleep exactly that. */
export const retryAfter = (seconds: number): Headers => ({
  'Retry-After': String(Math.min(MAX_RETRY_SEC, Math.max(MIN_RETRY_SEC, Math.ceil(seconds)))),
});

export const unknownTools = (tools: readonly string[]): ContractError =>
  new ContractError(400, { error: 'unknown_tools', message: 'The policy names tools that are not registered', tools });

export const missingToken = (): ContractError =>
  new ContractError(401, 'Missing Authorization Bearer token', { 'WWW-Authenticate': 'Bearer' });

export const invalidKey = (): ContractError => new ContractError(403, 'Invalid API key');

export const forbidden = (message: string): ContractError => new ContractError(403, { error: 'forbidden', message });

/** The tenant's plan does not have what the route is about (contract section 9). */
export const featureNotAvailable = (plan: string): ContractError =>
  new ContractError(403, { error: 'feature_not_available', message: `The ${plan} plan does not have this` });

/** The tenant's plan has no room for one more tool. */
export const toolLimit = (plan: string, most: number): ContractError =>
  new ContractError(403, { error: 'plan_limit', message: `${plan.toUpperCase()} plan limit: max ${most} tools` });

export const notFound = (error: 'not_found' | 'tool_not_found' | 'policy_not_found', message: string): ContractError =>
  new ContractError(404, { error, message });

export const noSuchRoute = (): ContractError => new ContractError(404, 'Not Found');

export const noSuchMethod = (allowed: readonly string[]): ContractError =>
  new ContractError(405, 'Method Not Allowed', { Allow: allowed.join(', ') });

export const conflict = (error: string, message: string, more: object = {}, headers: Headers = {}): ContractError =>
  new ContractError(409, { error, message, ...more }, headers);

export const tooLarge = (message: string): ContractError =>
  new ContractError(413, { error: 'payload_too_large', message });

export const invalid = (issues: readonly WireIssue[]): ContractError => new ContractError(422, issues);

/** A 422 that no schema can tell alone. */
export const invalidValue = (loc: WireIssue['loc'], msg: string, input: string | null = null): ContractError =>
  invalid([{ type: 'value_error', loc, msg, input }]);

/** Closed, never open. With a call's id the call may have been accepted; without, nothing was changed. */
export const unavailable = (message: string, more: object = {}, cause?: unknown): ContractError =>
  new ContractError(503, { error: 'unavailable', message, ...more }, retryAfter(1), { cause });

/** No room for another request: elsewhere 503, where 5xx would be read as "go ahead" 429. */
export const overloaded = (message: string): ContractError =>
  new ContractError(503, { error: 'unavailable', message }, retryAfter(1), { cause: OVERLOAD });

/** The key asks more often than it may. */
export const tooManyRequests = (waitSec: number): ContractError =>
  new ContractError(
    429,
    { error: 'rate_limited', message: 'The key asks more often than it may' },
    retryAfter(waitSec),
  );

/** What is overload or an outage elsewhere, where a 5xx would be read as "go ahead". */
export const rateLimited = (cause: ContractError): ContractError => {
  const message = typeof cause.detail === 'object' && 'message' in cause.detail ? cause.detail.message : '';
  return new ContractError(429, { error: 'rate_limited', message }, cause.headers, { cause });
};

/** The tenant has used up its month's credits (contract section 9). */
export const paymentRequired = (
  { plan, limit, usage }: { readonly plan: string; readonly limit: number; readonly usage: number },
  upgradeUrl: string | null,
): ContractError =>
  new ContractError(402, {
    error: 'payment_required',
    message: `The ${plan} plan has no credits left this month`,
    highlights: 'Plan limit reached',
    plan,
    limit,
    usage,
    upgrade_url: upgradeUrl,
  });

/** A bug of ours: the request id and nothing else. */
export const internal = (requestId: string): ContractError =>
  new ContractError(500, { error: 'internal', message: requestId });
