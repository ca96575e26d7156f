import { z } from 'zod';

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
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY = { 'Retry-After': 'Whole seconds, 1 to 30, to wait before the same request' };

/** Every error of contract section 0. */
export const ERRORS = {
  400: {
    description: 'A policy names tools that are not registered, on a server that checks that',
    schema: detail(
      z.looseObject({ error: z.literal('unknown_tools'), message: z.string(), tools: z.array(z.string()) }),
    ),
    example: {
      detail: { error: 'unknown_tools', message: 'The policy names tools that are not registered', tools: ['pya'] },
    },
  },
  401: {
    description: 'No Authorization header, or a malformed one',
    schema: detail(z.string()),
    example: { detail: 'Missing Authorization Bearer token' },
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
  },
  409: {
    description: 'The state of a call, lease, lock or tool does not allow this',
    schema: detail(z.looseObject({ error: z.string(), message: z.string() })),
    example: {
      detail: { error: 'lease_mismatch', message: 'Somebody else holds this key, or it was leased again since' },
    },
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

/** Those that any route behind a key can answer. */
export const EVERYWHERE = [401, 403, 422, 429, 500, 503] as const satisfies readonly ErrorStatus[];
