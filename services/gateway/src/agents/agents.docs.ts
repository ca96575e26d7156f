import { z } from 'zod';
import { answer, dollars, EXAMPLE_TIME, key, LAG_HEADER, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';
import { wouldBlock } from '../run/run.docs.js';

const disabled = answer({
  agent_id: key,
  is_enabled: z.literal(false),
  disabled_reason: z.string().nullable(),
  disabled_at: time,
});
const enabled = answer({
  agent_id: key,
  is_enabled: z.literal(true),
  disabled_reason: z.null(),
  disabled_at: z.null(),
});

export const disableDocs: Documentation = {
  summary: 'The kill switch: no request of the agent is stamped later than `disabled_at`.',
  section: 'Agents',
  example: { body: { reason: 'loops' } },
  answers: {
    200: {
      schema: disabled,
      example: { agent_id: 'billing', is_enabled: false, disabled_reason: 'loops', disabled_at: EXAMPLE_TIME },
    },
  },
};

export const enableDocs: Documentation = {
  summary: 'Lets a disabled agent act again.',
  section: 'Agents',
  answers: {
    200: {
      schema: enabled,
      example: { agent_id: 'billing', is_enabled: true, disabled_reason: null, disabled_at: null },
    },
  },
};

const counts = { executed_actions: 40, dedup_actions: 2, failed_actions: 1 };

export const agentMetricsDocs: Documentation = {
  summary: 'What an agent’s calls became, over an hour, a day or a week that ends now.',
  section: 'Agents',
  example: { query: { period: 'day' } },
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: answer({
        agent_id: key,
        period: z.enum(['hour', 'day', 'week']),
        total_actions: wholeNumber,
        blocked_actions: wholeNumber,
        total_spend_usd: dollars,
        top_tools: z.array(answer({ tool: key, count: wholeNumber })),
        executed_actions: wholeNumber,
        dedup_actions: wholeNumber,
        failed_actions: wholeNumber,
        by_reason: z.record(z.string(), wholeNumber),
        would_block: z.record(z.string(), wholeNumber),
      }),
      example: {
        agent_id: 'billing',
        period: 'day',
        total_actions: 44,
        blocked_actions: 1,
        total_spend_usd: 12.5,
        top_tools: [{ tool: 'payments.charge', count: 40 }],
        ...counts,
        by_reason: { ok: 40, tool_idempotency: 2, tool_error: 1, tool_explicitly_blocked: 1 },
        would_block: { tool_not_in_allowed_list: 3 },
      },
    },
  },
};

export const logsDocs: Documentation = {
  summary: 'What an agent did and was not let do, newest first.',
  section: 'Agents',
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: z.array(
        answer({
          ts: wholeNumber,
          agent_id: key,
          tool: key,
          allowed: z.boolean(),
          decision: z.string(),
          policy_reason: z.string(),
          risk_level: z.string(),
          args_hash: z.string(),
          spend_usd: dollars,
          call_id: key,
          run_id: key,
          policy_version: wholeNumber.nullable(),
          would_block: wouldBlock.optional(),
        }),
      ),
      example: [
        {
          ts: 1795262400,
          agent_id: 'billing',
          tool: 'payments.charge',
          allowed: true,
          decision: 'executed',
          policy_reason: 'ok',
          risk_level: 'low',
          args_hash: 'kZ0vJQ3r1mWq',
          spend_usd: 1,
          call_id: 'call_7Qm2',
          run_id: 'run_invoice_88',
          policy_version: 3,
        },
      ],
    },
  },
};
