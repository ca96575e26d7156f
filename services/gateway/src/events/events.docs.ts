import { FEED_TYPES } from '@tollgate/store';
import { z } from 'zod';
import { answer, EXAMPLE_TIME, IDEMPOTENCY_KEY, key, LAG_HEADER, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';
import { noteMembers } from './note.schema.js';

const text = z.string().nullable();

export const eventsDocs: Documentation = {
  summary: 'What was decided, newest first; with `after` the oldest first, for following.',
  section: 'Events',
  example: { query: { after: '59616000000001', limit: '100' } },
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: z.array(
        answer({
          id: wholeNumber,
          ts: wholeNumber,
          type: z.enum(FEED_TYPES),
          req_id: text,
          key: text,
          first_seen_at: time.nullable(),
          plan: text,
          usage: wholeNumber.nullable(),
          limit: wholeNumber.nullable(),
          charged: wholeNumber.nullable(),
          version: wholeNumber.nullable(),
          lease_id: text,
          done_at: time.nullable(),
          result_hash: text,
          error_code: text,
          agent_id: text,
          tool: text,
        }),
      ),
      example: [
        {
          id: 59616000000001,
          ts: 1795262400,
          type: 'ai_completed',
          req_id: 'cmd_5Yt0',
          key: 'invoice-42',
          first_seen_at: EXAMPLE_TIME,
          plan: null,
          usage: null,
          limit: null,
          charged: null,
          version: 1,
          lease_id: 'lease_9fK3',
          done_at: EXAMPLE_TIME,
          result_hash: 'sha256:2c26b4',
          error_code: null,
          agent_id: null,
          tool: null,
        },
      ],
    },
  },
};

export const postEventDocs: Documentation = {
  summary: 'Adds an event of the client’s own to a run’s timeline; with `req_id` once.',
  section: 'Events',
  headers: IDEMPOTENCY_KEY,
  body: noteMembers,
  errors: [409],
  example: { body: { run_id: 'run_invoice_88', type: 'step', step: 'fetch', duration_ms: 120, req_id: 'step-1' } },
  answers: {
    200: {
      schema: answer({ ok: z.literal(true), event_id: wholeNumber, run_id: key }),
      example: { ok: true, event_id: 59616000000005, run_id: 'run_invoice_88' },
    },
  },
};
