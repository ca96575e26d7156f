import { z } from 'zod';
import { answer, key, LAG_HEADER, object, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';

const text = z.string().nullable();

export const runsDocs: Documentation = {
  summary: 'Runs, the last that something happened to first.',
  section: 'Runs',
  example: { query: { q: 'run_', limit: '50' } },
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: answer({
        total: wholeNumber,
        items: z.array(
          answer({
            run_id: key,
            last_ts: z.number(),
            last_type: z.string(),
            last_status: text,
            events_count: wholeNumber,
          }),
        ),
      }),
      example: {
        total: 1,
        items: [
          {
            run_id: 'run_invoice_88',
            last_ts: 1795262400.5,
            last_type: 'run_finished',
            last_status: 'executed',
            events_count: 9,
          },
        ],
      },
    },
  },
};

export const runTimelineDocs: Documentation = {
  summary: 'The timeline of a run, in order.',
  section: 'Runs',
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: answer({
        run_id: key,
        total: wholeNumber,
        events: z.array(
          answer({
            id: wholeNumber,
            run_id: key,
            ts: z.number(),
            type: z.string(),
            status: text,
            duration_ms: z.number().nullable(),
            step: text,
            tool: text,
            req_id: text,
            lease_id: text,
            agent_id: text,
            message: text,
            data: object.nullable(),
            call_id: text,
            source: z.enum(['system', 'client']),
          }),
        ),
      }),
      example: {
        run_id: 'run_invoice_88',
        total: 1,
        events: [
          {
            id: 59616000000001,
            run_id: 'run_invoice_88',
            ts: 1795262400.123,
            type: 'run_started',
            status: null,
            duration_ms: null,
            step: null,
            tool: 'payments.charge',
            req_id: null,
            lease_id: null,
            agent_id: 'billing',
            message: null,
            data: null,
            call_id: 'call_7Qm2',
            source: 'system',
          },
        ],
      },
    },
  },
};
