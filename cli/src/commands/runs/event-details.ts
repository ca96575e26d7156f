import { usd } from '../../text/money.js';
import { plain } from '../../text/plain.js';
import { millis } from '../../text/time.js';
import { wouldBlockText } from '../calls/would-block.js';

export interface TimelineEvent {
  /** Epoch seconds. */
  readonly ts: number;
  readonly type: string;
  readonly status: string | null;
  readonly duration_ms: number | null;
  readonly step: string | null;
  readonly tool: string | null;
  readonly agent_id: string | null;
  readonly message: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly call_id: string | null;
  readonly source: 'system' | 'client';
}

/** What of an event is worth a word, besides when, where and how it ended. */
export function eventDetails(event: TimelineEvent): readonly string[] {
  const own = event.source === 'client' ? clientDetails(event) : systemDetails(event);
  const message = event.message === null ? [] : [`"${plain(event.message)}"`];
  return [...own, ...message, ...tookDetails(event)];
}

function systemDetails({ type, data }: TimelineEvent): readonly string[] {
  const { attempt, http_status, policy_reason, error_code, spend_usd, dispatch, would_block } = data ?? {};
  const observed = wouldBlockText(would_block);
  return [
    ...(isNumber(attempt) && type.startsWith('tool_') ? [`attempt ${attempt}`] : []),
    ...(dispatch === 'signed' && type === 'tool_call' ? ['signed'] : []),
    ...(isNumber(http_status) && type !== 'run_finished' ? [`HTTP ${http_status}`] : []),
    ...(typeof policy_reason === 'string' && policy_reason !== 'ok' ? [plain(policy_reason)] : []),
    ...(typeof error_code === 'string' ? [plain(error_code)] : []),
    ...(observed === undefined ? [] : [observed]),
    ...(isNumber(spend_usd) && spend_usd > 0 ? [usd(spend_usd)] : []),
  ];
}

const clientDetails = ({ tool, data }: TimelineEvent): readonly string[] => [
  ...(tool === null ? [] : [plain(tool)]),
  ...(data === null || Object.keys(data).length === 0 ? [] : [plain(data)]),
];

function tookDetails({ type, duration_ms }: TimelineEvent): readonly string[] {
  if (duration_ms === null || duration_ms < 1) return [];
  if (isEnd({ type })) return [`${millis(duration_ms)} in all`];
  return SLOW.includes(type) ? [millis(duration_ms)] : [];
}

/** Of a call, or of a job. */
export const isEnd = ({ type }: Pick<TimelineEvent, 'type'>): boolean =>
  type === 'run_finished' || type === 'job_finished';

/** Between the others lie milliseconds, which the first column shows. */
const SLOW = ['tool_result', 'tool_reconciled'];

const isNumber = (value: unknown): value is number => typeof value === 'number';
