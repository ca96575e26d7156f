import { RISK_OF_REASON } from '@tollgate/events';
import { z } from 'zod';
import { answer, dollars, key, object, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';
import { leaseAnswer } from '../tasks/tasks.docs.js';

const reasons = [...Object.keys(RISK_OF_REASON), 'in_progress'] as const;
const RISKS = ['low', 'medium', 'high', 'critical'] as const;

/** What a policy that only observes would have decided. */
export const wouldBlock = answer({ policy_reason: z.enum(reasons), risk_level: z.enum(RISKS) });

/** The shape of every answer about a governed call (contract 3.1). */
export const callMembers = {
  ok: z.boolean(),
  allowed: z.boolean(),
  decision: z.enum(['executed', 'dedup', 'blocked', 'failed', 'in_progress', 'dry_run']),
  policy_reason: z.enum(reasons),
  risk_level: z.enum(RISKS),
  result: object.optional(),
  call_id: key,
  run_id: key,
  args_hash: z.string(),
  spend_usd: dollars,
  original_call_id: key.optional(),
  limit: z.number().optional(),
  remaining: z.number().optional(),
  retry_after_sec: wholeNumber.nullish(),
  would_block: wouldBlock.optional(),
};
export const callAnswer = answer(callMembers);

export const callExample = {
  ok: true,
  allowed: true,
  decision: 'executed',
  policy_reason: 'ok',
  risk_level: 'low',
  result: { charged: true },
  call_id: 'call_7Qm2',
  run_id: 'run_invoice_88',
  args_hash: 'kZ0vJQ3r1mWq',
  spend_usd: 1,
};

export const dryRunExample = {
  ...callExample,
  decision: 'dry_run',
  result: undefined,
};

export const runDocs: Documentation = {
  summary: 'One governed call of a tool; with `key` a job of several, under a lease.',
  section: 'Calls',
  headers: {
    'Idempotency-Key': 'Stands for the arguments: the action happens once under it',
    Prefer: '`respond-async`: do not wait for the end',
  },
  example: { body: { agent_id: 'billing', tool: 'payments.charge', args: { amount: 100 }, spend_usd: 1 } },
  errors: [402, 404, 409],
  answers: {
    200: { schema: z.union([callAnswer, leaseAnswer]), example: callExample },
    202: {
      schema: callAnswer,
      description: 'It still runs, and the client did not want to wait',
      headers: {
        Location: { description: 'Where the answer will be', pattern: '^/v1/calls/call_' },
        'Preference-Applied': { description: 'What was asked for and is so', pattern: '^respond-async$' },
      },
      example: {
        ok: true,
        allowed: true,
        decision: 'in_progress',
        policy_reason: 'in_progress',
        risk_level: 'low',
        call_id: 'call_7Qm2',
        run_id: 'run_invoice_88',
        args_hash: 'kZ0vJQ3r1mWq',
        spend_usd: 0,
      },
    },
  },
};
