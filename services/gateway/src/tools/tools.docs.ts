import { ON_UNKNOWN } from '@tollgate/events';
import { z } from 'zod';
import { answer, EXAMPLE_TIME, key, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';

const text = z.string().nullable();

const tool = answer({
  name: key,
  scope_id: key,
  url: z.string(),
  timeout_ms: wholeNumber,
  max_retries: wholeNumber,
  enabled: z.boolean(),
  description: text,
  on_unknown: z.enum(ON_UNKNOWN),
  reconcile_url: text,
  dedup_window_sec: wholeNumber,
  run_id_is_argument: z.boolean(),
  server_error_is: z.enum(['failed', 'unknown']),
  has_secret: z.literal(true),
  secret_id: z.string(),
  secret_mask: z.string(),
  previous_secret_id: text,
  previous_secret_until: time.nullable(),
  created_at: time,
  updated_at: time,
});

const example = {
  name: 'payments.charge',
  scope_id: 'global',
  url: 'https://tools.example.com/charge',
  timeout_ms: 15000,
  max_retries: 2,
  enabled: true,
  description: null,
  on_unknown: 'hold',
  reconcile_url: null,
  dedup_window_sec: 86400,
  run_id_is_argument: false,
  server_error_is: 'failed',
  has_secret: true,
  secret_id: 'sec_81f2',
  secret_mask: '***9xk',
  previous_secret_id: null,
  previous_secret_until: null,
  created_at: EXAMPLE_TIME,
  updated_at: EXAMPLE_TIME,
};

export const registerToolDocs: Documentation = {
  summary: 'Registers a tool, or changes the members that are sent. `url` and `auth` are required for a new one.',
  section: 'Tools',
  example: {
    body: {
      name: 'payments.charge',
      url: 'https://tools.example.com/charge',
      auth: { type: 'hmac_sha256', secret: 'a long random text' },
    },
  },
  answers: { 201: { schema: tool, example } },
};

export const toolsDocs: Documentation = {
  summary: 'The registered tools of a scope, or of all.',
  section: 'Tools',
  example: { query: { scope_id: 'all' } },
  answers: { 200: { schema: z.array(tool), example: [example] } },
};

export const toolDocs: Documentation = {
  summary: 'One registered tool; never its secret.',
  section: 'Tools',
  errors: [404],
  answers: { 200: { schema: tool, example } },
};

export const toggleToolDocs: Documentation = {
  summary: 'Lets a tool be called, or not.',
  section: 'Tools',
  example: { body: { enabled: false } },
  errors: [404],
  answers: {
    200: {
      schema: answer({ name: key, enabled: z.boolean() }),
      example: { name: 'payments.charge', enabled: false },
    },
  },
};

export const deleteToolDocs: Documentation = {
  summary: 'Removes a tool from its scope.',
  section: 'Tools',
  errors: [404],
  answers: {
    200: {
      schema: answer({ ok: z.literal(true), deleted: key, scope_id: key }),
      example: { ok: true, deleted: 'payments.charge', scope_id: 'global' },
    },
  },
};
