import { z } from 'zod';
import { answer, EXAMPLE_TIME, IDEMPOTENCY_KEY, key, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';

const members = { key, ttl: wholeNumber };
const locked = answer({ success: z.literal(true), status: z.literal('locked'), ...members, first_seen_at: z.null() });
const duplicate = answer({
  success: z.literal(false),
  status: z.literal('duplicate'),
  ...members,
  first_seen_at: time,
});

export const checkLockDocs: Documentation = {
  summary: 'Locks a key for a time; every repeat within it is a duplicate.',
  section: 'Locks',
  headers: IDEMPOTENCY_KEY,
  example: { body: { key: 'invoice-42', ttl: 3600 } },
  errors: [402, 409],
  answers: {
    200: {
      schema: z.union([locked, duplicate]),
      headers: { 'X-OnceOnly-Status': { description: 'The same as `status`', pattern: '^(locked|duplicate)$' } },
      example: { success: false, status: 'duplicate', key: 'invoice-42', ttl: 3600, first_seen_at: EXAMPLE_TIME },
    },
  },
};
