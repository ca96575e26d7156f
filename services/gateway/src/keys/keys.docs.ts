import { z } from 'zod';
import { answer, EXAMPLE_TIME, IDEMPOTENCY_KEY, key, time } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';

const members = {
  id: key,
  key_preview: z.string(),
  name: z.string().nullable(),
  role: z.enum(['admin', 'agent']),
  agents: z.array(key),
  created_at: time,
  expires_at: time.nullable(),
};

const example = {
  id: 'key_4f21',
  key_preview: 'tg_live_…x7Qa',
  name: 'the crawler',
  role: 'agent',
  agents: ['crawler'],
  created_at: EXAMPLE_TIME,
  expires_at: null,
};

export const createKeyDocs: Documentation = {
  summary: 'Mints an API key; it is shown this once.',
  section: 'Keys',
  headers: IDEMPOTENCY_KEY,
  example: { body: { name: 'the crawler', role: 'agent', agents: ['crawler'] } },
  errors: [409],
  answers: {
    201: { schema: answer({ ...members, key: z.string() }), example: { ...example, key: 'tg_live_nM3v…x7Qa' } },
  },
};

export const keysDocs: Documentation = {
  summary: 'The keys that are good, oldest first.',
  section: 'Keys',
  answers: { 200: { schema: z.array(answer(members)), example: [example] } },
};

export const revokeKeyDocs: Documentation = {
  summary: 'Revokes a key, at every reader, before it answers.',
  section: 'Keys',
  errors: [404],
  answers: {
    200: {
      schema: answer({ ok: z.literal(true), deleted: key }),
      example: { ok: true, deleted: 'key_4f21' },
    },
  },
};
