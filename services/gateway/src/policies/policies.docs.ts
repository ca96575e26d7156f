import { policyMode } from '@tollgate/events';
import { z } from 'zod';
import { answer, dollars, EXAMPLE_TIME, key, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';
import { callAnswer, dryRunExample } from '../run/run.docs.js';

const stored = answer({
  agent_id: key,
  policy: answer({
    mode: policyMode.optional(),
    allowed_tools: z.array(key).optional(),
    blocked_tools: z.array(key).optional(),
    max_actions_per_hour: wholeNumber.optional(),
    max_spend_usd_per_day: dollars.optional(),
    max_calls_per_tool: z.record(z.string(), wholeNumber).optional(),
    pricing_rules: z.array(answer({ tool: key, price_usd: dollars })).optional(),
  }),
  version: wholeNumber,
  updated_at: time,
});

const example = {
  agent_id: 'billing',
  policy: { allowed_tools: ['payments.charge'], max_spend_usd_per_day: 10 },
  version: 3,
  updated_at: EXAMPLE_TIME,
};
const body = { allowed_tools: ['payments.charge'], max_spend_usd_per_day: 10 };

export const mergePolicyDocs: Documentation = {
  summary: 'Changes the members that are sent; null or an empty list clears one.',
  section: 'Policies',
  example: { body },
  answers: { 201: { schema: stored, example } },
};

export const templateDocs: Documentation = {
  summary: 'Fills a policy in from a template, changed by `overrides`, as a POST of it would.',
  section: 'Policies',
  example: { body: { template: 'moderate', overrides: { allowed_tools: ['payments.charge'] } } },
  answers: { 201: { schema: stored, example } },
};

export const testPolicyDocs: Documentation = {
  summary: 'What a call would be decided, as things stand or by a policy that is sent; nothing is done.',
  section: 'Policies',
  example: { body: { tool: 'payments.charge', args: { amount: 100 }, spend_usd: 1 } },
  errors: [402, 409],
  answers: { 200: { schema: callAnswer, example: dryRunExample } },
};

export const replacePolicyDocs: Documentation = {
  summary: 'Stores the policy as it is sent.',
  section: 'Policies',
  example: { body },
  answers: { 200: { schema: stored, example } },
};

export const policiesDocs: Documentation = {
  summary: 'All policies, by agent id.',
  section: 'Policies',
  answers: { 200: { schema: z.array(stored), example: [example] } },
};

export const policyDocs: Documentation = {
  summary: 'The policy of an agent.',
  section: 'Policies',
  errors: [404],
  answers: { 200: { schema: stored, example } },
};
