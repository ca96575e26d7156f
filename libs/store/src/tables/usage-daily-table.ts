/**
 * What a tenant asked for and used on a day, UTC (contract section 7): one row each, kept for ever, so that a month and
 * all time are sums of few rows, and outlive the events that they were counted from.
 */
export interface UsageDailyTable {
  tenant: string;
  /** `YYYY-MM-DD`; select it as text: the driver would make a local time of it. */
  day: string;
  /** Every check-lock that was answered: locked, duplicate, or refused for want of credits. */
  checks_total: number;
  locks_created: number;
  duplicates_blocked: number;
  checks_refused: number;
  /** Every lease and job that was asked for, and every governed call, those of jobs too. */
  ai_requests: number;
  ai_acquired: number;
  ai_completed: number;
  /** Expiries too, each when it was first seen. */
  ai_failed: number;
  /** Asked for while another held it. */
  ai_polled: number;
  /** Credits: charged less what was given back on this day for a call of the same month. */
  ai_charged: number;
  /** Leases, jobs and calls refused for want of credits. */
  ai_refused: number;
  /** Requests turned away by the rate limit of their key. */
  rate_limited: number;
}
