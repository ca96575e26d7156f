import { z } from 'zod';
import { answer, EXAMPLE_TIME, IDEMPOTENCY_KEY, key, object, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';

const text = z.string().nullable();

export const leaseAnswer = answer({
  ok: z.boolean(),
  status: z.enum(['acquired', 'polling', 'completed', 'failed']),
  key,
  ttl: wholeNumber,
  ttl_left: wholeNumber.nullable(),
  lease_id: text,
  version: wholeNumber,
  first_seen_at: time,
  done_at: time.nullable(),
  result_hash: text,
  error_code: text,
  retry_after_sec: wholeNumber.nullable(),
  usage: wholeNumber,
  limit: wholeNumber,
  charged: z.union([z.literal(0), z.literal(1)]),
  result: object.nullish(),
});

const EXAMPLE = { key: 'invoice-42', lease_id: 'lease_9fK3' };

export const leaseExample = {
  ok: true,
  status: 'acquired',
  key: 'invoice-42',
  ttl: 600,
  ttl_left: null,
  lease_id: 'lease_9fK3',
  version: 1,
  first_seen_at: EXAMPLE_TIME,
  done_at: null,
  result_hash: null,
  error_code: null,
  retry_after_sec: null,
  usage: 17,
  limit: 3000,
  charged: 1,
};

export const leaseDocs: Documentation = {
  summary: 'Leases a key to whoever comes first; others poll until it is finished, and get its result.',
  section: 'Leases',
  headers: IDEMPOTENCY_KEY,
  example: { body: { key: 'invoice-42', ttl: 600 } },
  errors: [402],
  answers: { 200: { schema: leaseAnswer, example: leaseExample } },
};

const status = answer({
  ok: z.boolean(),
  status: z.enum(['in_progress', 'completed', 'failed']),
  key,
  ttl_left: wholeNumber.nullable(),
  lease_id: z.null(),
  version: wholeNumber,
  first_seen_at: time,
  done_at: time.nullable(),
  result_hash: text,
  error_code: text,
  retry_after_sec: wholeNumber.nullable(),
});

export const statusDocs: Documentation = {
  summary: 'How a leased key stands, never older than what was answered before.',
  section: 'Leases',
  example: { query: { key: 'invoice-42' } },
  errors: [404],
  answers: {
    200: {
      schema: status,
      example: {
        ok: true,
        status: 'in_progress',
        key: 'invoice-42',
        ttl_left: 540,
        lease_id: null,
        version: 1,
        first_seen_at: EXAMPLE_TIME,
        done_at: null,
        result_hash: null,
        error_code: null,
        retry_after_sec: 5,
      },
    },
  },
};

const result = answer({
  ok: z.boolean(),
  status: z.enum(['in_progress', 'completed', 'failed']),
  key,
  result: object.nullable(),
  result_hash: text,
  error_code: text,
  done_at: time.nullable(),
  result_dropped: z.literal(true).optional(),
});

export const resultDocs: Documentation = {
  summary: 'What came of a leased key; of a job what each of its actions did.',
  section: 'Leases',
  example: { query: { key: 'invoice-42' } },
  errors: [404],
  answers: {
    200: {
      schema: result,
      example: {
        ok: true,
        status: 'completed',
        key: 'invoice-42',
        result: { total: 99 },
        result_hash: 'sha256:2c26b4',
        error_code: null,
        done_at: EXAMPLE_TIME,
      },
    },
  },
};

export const extendDocs: Documentation = {
  summary: 'Gives the holder more time, and a new version.',
  section: 'Leases',
  example: { body: { ...EXAMPLE, ttl: 600 } },
  errors: [404, 409],
  answers: {
    200: {
      schema: answer({
        ok: z.literal(true),
        status: z.literal('extended'),
        key,
        ttl: wholeNumber,
        version: wholeNumber,
      }),
      example: { ok: true, status: 'extended', key: 'invoice-42', ttl: 600, version: 2 },
    },
  },
};

export const completeDocs: Documentation = {
  summary: 'The holder is done: nobody does it again. The same again gets the same answer.',
  section: 'Leases',
  example: { body: { ...EXAMPLE, result: { total: 99 }, result_hash: 'sha256:2c26b4' } },
  errors: [404, 409],
  answers: {
    200: {
      schema: answer({
        ok: z.literal(true),
        status: z.literal('completed'),
        key,
        version: wholeNumber,
        done_at: time,
        result_hash: text,
        result_dropped: z.literal(true).optional(),
      }),
      example: {
        ok: true,
        status: 'completed',
        key: 'invoice-42',
        version: 1,
        done_at: EXAMPLE_TIME,
        result_hash: 'sha256:2c26b4',
      },
    },
  },
};

export const failDocs: Documentation = {
  summary: 'The holder failed: the key stays failed for seven days, or until it is reset.',
  section: 'Leases',
  example: { body: { ...EXAMPLE, error_code: 'card_declined' } },
  errors: [404, 409],
  answers: {
    200: {
      schema: answer({
        ok: z.literal(true),
        status: z.literal('failed'),
        key,
        version: wholeNumber,
        done_at: time,
        error_code: z.string(),
      }),
      example: {
        ok: true,
        status: 'failed',
        key: 'invoice-42',
        version: 1,
        done_at: EXAMPLE_TIME,
        error_code: 'card_declined',
      },
    },
  },
};

const freed = (word: 'canceled' | 'reset') => ({
  200: {
    schema: answer({ ok: z.literal(true), status: z.literal(word), key, version: wholeNumber }),
    example: { ok: true, status: word, key: 'invoice-42', version: 1 },
  },
});

export const cancelDocs: Documentation = {
  summary: 'The holder gives it up: the key can be leased at once.',
  section: 'Leases',
  example: { body: EXAMPLE },
  errors: [404, 409],
  answers: freed('canceled'),
};

export const resetDocs: Documentation = {
  summary: 'Frees a failed key before its seven days are over.',
  section: 'Leases',
  example: { body: { key: 'invoice-42' } },
  errors: [404, 409],
  answers: freed('reset'),
};
