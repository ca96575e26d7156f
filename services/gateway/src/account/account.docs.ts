import { z } from 'zod';
import { answer, EXAMPLE_TIME, LAG_HEADER, time, wholeNumber } from '../openapi/answers.js';
import type { Documentation } from '../openapi/documented.js';

const notifications = {
  email_notifications_enabled: z.boolean(),
  tool_error_notifications_enabled: z.boolean(),
  run_failure_notifications_enabled: z.boolean(),
};
const notificationsExample = {
  email_notifications_enabled: true,
  tool_error_notifications_enabled: true,
  run_failure_notifications_enabled: false,
};

export const meDocs: Documentation = {
  summary: 'The tenant of the key: its plan, and what it has asked for in all.',
  section: 'Account',
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: answer({
        plan: z.string(),
        key_preview: z.string().nullable(),
        email: z.string().nullable(),
        is_active: z.boolean(),
        current_period_end: time,
        requests_total_all_time: wholeNumber,
        blocked_total_all_time: wholeNumber,
        ...notifications,
      }),
      example: {
        plan: 'pro',
        key_preview: 'tg_live_…x7Qa',
        email: 'ops@example.com',
        is_active: true,
        current_period_end: EXAMPLE_TIME,
        requests_total_all_time: 120_417,
        blocked_total_all_time: 12,
        ...notificationsExample,
      },
    },
  },
};

export const notificationsDocs: Documentation = {
  summary: 'What the tenant wants to be told; the first alone sets all three.',
  section: 'Account',
  example: { body: { email_notifications_enabled: true } },
  answers: { 200: { schema: answer(notifications), example: notificationsExample } },
};

const used = {
  usage: wholeNumber,
  limit: wholeNumber,
  requests_total_month: wholeNumber,
  blocked_total_month: wholeNumber,
};
const usedExample = { usage: 17, limit: 200_000, requests_total_month: 140, blocked_total_month: 0 };
const month = z.string().regex(/^\d{4}-\d{2}$/);

export const usageDocs: Documentation = {
  summary: 'Credits used this month, of one kind.',
  section: 'Account',
  example: { query: { kind: 'ai' } },
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: answer({ plan: z.string(), month, ...used }),
      example: { plan: 'pro', month: '2026-11', ...usedExample },
    },
  },
};

const all = answer({ ...used, charged_total_month: wholeNumber, polling_total_month: wholeNumber });
const allExample = { ...usedExample, charged_total_month: 17, polling_total_month: 3 };

export const usageAllDocs: Documentation = {
  summary: 'Credits used this month, of both kinds.',
  section: 'Account',
  answers: {
    200: {
      headers: {
        ...LAG_HEADER,
        'X-OnceOnly-Plan': { description: 'The plan' },
        'X-OnceOnly-Month': { description: 'YYYY-MM, UTC', pattern: '^\\d{4}-\\d{2}$' },
      },
      schema: answer({ plan: z.string(), month, make: all, ai: all }),
      example: { plan: 'pro', month: '2026-11', make: allExample, ai: allExample },
    },
  },
};

export const metricsDocs: Documentation = {
  summary: 'What the tenant asked for, day by day; days without anything are there.',
  section: 'Account',
  example: { query: { from_day: '2026-11-20', to_day: '2026-11-21' } },
  answers: {
    200: {
      headers: LAG_HEADER,
      schema: z.array(
        answer({
          day: z.iso.date(),
          checks_total: wholeNumber,
          locks_created: wholeNumber,
          duplicates_blocked: wholeNumber,
          rate_limited: wholeNumber,
          ai_acquired: wholeNumber,
          ai_completed: wholeNumber,
          ai_failed: wholeNumber,
        }),
      ),
      example: [
        {
          day: '2026-11-21',
          checks_total: 40,
          locks_created: 38,
          duplicates_blocked: 2,
          rate_limited: 0,
          ai_acquired: 17,
          ai_completed: 16,
          ai_failed: 1,
        },
      ],
    },
  },
};
