import { z } from 'zod';
import { body } from '../http/contract-fields.js';

export const notificationsBody = body({
  email_notifications_enabled: z.boolean().optional(),
  tool_error_notifications_enabled: z.boolean().optional(),
  run_failure_notifications_enabled: z.boolean().optional(),
}).refine((sent) => Object.keys(sent).length > 0, 'At least one of the three is needed');
export type NotificationsBody = z.output<typeof notificationsBody>;

export const usageQuery = z.object({ kind: z.enum(['make', 'ai']).default('make') });
export type UsageQuery = z.output<typeof usageQuery>;

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

const day = z
  .string()
  .refine((text) => isDay(text), { message: 'Input should be a day, YYYY-MM-DD', params: { type: 'date_parsing' } });

export const metricsQuery = z
  .object({ from_day: day, to_day: day })
  .refine((sent) => daysFrom(sent) >= 1, 'to_day is before from_day')
  .refine((sent) => daysFrom(sent) <= MAX_DAYS, 'At most 366 days');
export type MetricsQuery = z.output<typeof metricsQuery>;

/** One that there is: the 30th of February is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function daysFrom({ from_day, to_day }: { readonly from_day: string; readonly to_day: string }): number {
  return (Date.parse(to_day) - Date.parse(from_day)) / DAY_MS + 1;
}

/** Every day of a period, both ends with it. */
export function daysOf(period: MetricsQuery): readonly string[] {
  const first = Date.parse(period.from_day);
  return Array.from({ length: daysFrom(period) }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}
