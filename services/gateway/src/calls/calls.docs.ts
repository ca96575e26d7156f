import { z } from 'zod';
import { answer, EXAMPLE_TIME, key, LAG_HEADER, time } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';
import { callAnswer, callExample, callMembers } from '../run/run.docs.js';

const { result: _result, ...listedMembers } = callMembers;
const listed = answer({
  ...listedMembers,
  result: callMembers.result,
  agent_id: key,
  tool: key,
  requested_at: time,
  ended_at: time.nullable(),
  in_doubt: z.boolean(),
});

export const callsDocs: Documentation = {
  summary: 'Calls, newest first; with `status=in_doubt` those that an operator must resolve.',
  section: 'Calls',
  example: { query: { status: 'in_doubt', limit: '50' } },
  answers: {
    200: {
      schema: z.array(listed),
      headers: LAG_HEADER,
      example: [
        {
          ...callExample,
          result: undefined,
          agent_id: 'billing',
          tool: 'payments.charge',
          requested_at: EXAMPLE_TIME,
          ended_at: EXAMPLE_TIME,
          in_doubt: false,
        },
      ],
    },
  },
};

export const callDocs: Documentation = {
  summary: 'One call: its answer as it stands now.',
  section: 'Calls',
  errors: [404],
  answers: { 200: { schema: callAnswer, headers: LAG_HEADER, example: callExample } },
};

export const resolveDocs: Documentation = {
  summary: 'An operator says how a call in doubt ended.',
  section: 'Calls',
  example: { body: { outcome: 'executed', result: { charged: true }, note: 'seen in the ledger' } },
  errors: [404, 409],
  answers: { 200: { schema: callAnswer, headers: LAG_HEADER, example: callExample } },
};
