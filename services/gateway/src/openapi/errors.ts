import { z } from 'zod';
import { LAG_HEADER } from './answers.js';
import type { DocumentedHeaders } from './documented.js';

const coded = (...codes: string[]) => z.looseObject({ error: z.enum(codes), message: z.string() });
const detail = <T extends z.ZodType>(of: T) => z.object({ detail: of });

const issue = z.object({
  type: z.string(),
  loc: z.array(z.union([z.string(), z.number()])),
  msg: z.string(),
  input: z.unknown(),
});

interface DocumentedError {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  readonly headers?: DocumentedHeaders;
}

const RETRY = {
  'Retry-After': {
    description: 'Whole seconds, 1 to 30, to wait before the same request',
    pattern: '^([1-9]|[12]\\d|30)$',
  },
} as const satisfies DocumentedHeaders;

/** Every error of contract section 0. */
export const ERRORS = {
  400: {
    description:
      'What was sent is no HTTP, or broke off. Of policies: one names tools that are not registered, on a server that checks that',
    schema: detail(
      z.union([
        z.literal('Bad Request'),
        z.looseObject({ error: z.literal('unknown_tools'), message: z.string(), tools: z.array(z.string()) }),
      ]),
    ),
    example: {
      detail: { error: 'unknown_tools', message: 'The policy names tools that are not registered', tools: ['pya'] },
    },
  },
  401: {
    description: 'No Authorization header, or a malformed one',
    schema: detail(z.string()),
    example: { detail: 'Missing Authorization Bearer token' },
    headers: { 'WWW-Authenticate': { description: 'How to say who asks', pattern: '^Bearer$' } },
  },
  402: {
    description: 'The month’s credits are used up',
    schema: detail(
      z.object({
        error: z.literal('payment_required'),
        message: z.string(),
        highlights: z.literal('Plan limit reached'),
        plan: z.string(),
        limit: z.int(),
        usage: z.int(),
        upgrade_url: z.string().nullable(),
      }),
    ),
    example: {
      detail: {
        error: 'payment_required',
        message: 'The free plan has no credits left this month',
        highlights: 'Plan limit reached',
        plan: 'free',
        limit: 3000,
        usage: 3000,
        upgrade_url: null,
      },
    },
  },
  403: {
    description: 'The key is unknown, revoked or expired; or its role, its agents or the plan do not cover this',
    schema: detail(z.union([z.string(), coded('forbidden', 'feature_not_available', 'plan_limit')])),
    example: { detail: 'Invalid API key' },
  },
  404: {
    description: 'There is no such thing, or it is another tenant’s',
    schema: detail(z.union([z.string(), coded('not_found', 'tool_not_found', 'policy_not_found')])),
    example: { detail: { error: 'not_found', message: 'Nobody has leased this key' } },
    headers: LAG_HEADER,
  },
  405: {
    description: 'The path has no such method: no operation answers this, any other method of its path does',
    schema: detail(z.literal('Method Not Allowed')),
    example: { detail: 'Method Not Allowed' },
    headers: { Allow: { description: 'The methods that it has' } },
  },
  408: {
    description: 'The request took longer than 30 s to arrive',
    schema: detail(z.literal('Request Timeout')),
    example: { detail: 'Request Timeout' },
  },
  409: {
    description: 'The state of a call, lease, lock or tool does not allow this',
    schema: detail(z.looseObject({ error: z.string(), message: z.string() })),
    example: {
      detail: { error: 'lease_mismatch', message: 'Somebody else holds this key, or it was leased again since' },
    },
    headers: { ...LAG_HEADER, 'Retry-After': { ...RETRY['Retry-After'], optional: true } },
  },
  413: {
    description: 'The body is over 1 MB, args are over 64 KB, or a result is over 256 KB',
    schema: detail(coded('payload_too_large')),
    example: { detail: { error: 'payload_too_large', message: 'The args are over 64 KB' } },
  },
  422: {
    description: 'What was sent does not fit the schema, or is no JSON',
    schema: detail(z.array(issue)),
    example: { detail: [{ type: 'missing', loc: ['body', 'key'], msg: 'Field required', input: null }] },
  },
  429: {
    description: 'Too many requests with this key; on check-lock also overload',
    schema: detail(coded('rate_limited')),
    example: { detail: { error: 'rate_limited', message: 'Too many requests with this key' } },
    headers: RETRY,
  },
  431: {
    description: 'The head of the request is too large',
    schema: detail(z.literal('Request Header Fields Too Large')),
    example: { detail: 'Request Header Fields Too Large' },
  },
  500: {
    description: 'A bug of ours: the request id and nothing else',
    schema: detail(coded('internal')),
    example: { detail: { error: 'internal', message: 'req_x1' } },
  },
  503: {
    description:
      'Journals or a store are out of reach, or overload: closed, never open. With a call_id it may have been accepted',
    schema: detail(z.looseObject({ error: z.literal('unavailable'), message: z.string() })),
    example: { detail: { error: 'unavailable', message: 'The journals are out of reach' } },
    headers: RETRY,
  },
} as const satisfies Record<number, DocumentedError>;

export type ErrorStatus = keyof typeof ERRORS;

/** Those that any route can answer: what went wrong on the way to it, or in it. */
export const EVERYWHERE = [400, 408, 431, 500] as const satisfies readonly ErrorStatus[];

/** Those that any route behind a key can answer as well. */
export const BEHIND_A_KEY = [401, 403, 422, 429, 503] as const satisfies readonly ErrorStatus[];
