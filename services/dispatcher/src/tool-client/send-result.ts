import type { JsonValue } from '@tollgate/sealing';
import { retryAfterMs } from './retry-after.js';
import { toolResult } from './tool-result.js';
import type { Reply } from './reply.js';

/** What is known after sending, or not sending, one request (contract section 6, the table of dispatch). */
export type SendResult =
  | { known: 'executed'; httpStatus: number; result: JsonValue }
  | { known: 'not_sent'; code: 'permit_missed' | 'connect_failed' }
  | { known: 'refused'; httpStatus: number; retryAfterMs?: number }
  | { known: 'tool_error'; httpStatus: number }
  | { known: 'unknown'; code: 'timeout' | 'connection_lost' | 'server_error'; httpStatus: number | null };

export interface ReplyTerms {
  /** What a 500 of this tool means: many tools act and then throw. */
  readonly serverErrorIs: 'failed' | 'unknown';
  readonly maxResponseBytes: number;
  readonly nowMs: number;
}

/** What an answer says about whether the tool acted. One line per row of the table. */
export function resultOfReply(reply: Reply, { serverErrorIs, maxResponseBytes, nowMs }: ReplyTerms): SendResult {
  const { status: httpStatus, headers } = reply;
  const retryAfter = retryAfterMs(headers['retry-after'], nowMs);
  if (isSuccess(httpStatus)) return { known: 'executed', httpStatus, result: toolResult(reply, maxResponseBytes) };
  if ([408, 425, 429].includes(httpStatus)) return refused(httpStatus, retryAfter);
  if (httpStatus === 503 && retryAfter !== undefined) return refused(httpStatus, retryAfter);
  if (httpStatus >= 300 && httpStatus <= 499) return { known: 'tool_error', httpStatus };
  if (httpStatus === 500 && serverErrorIs === 'failed') return { known: 'tool_error', httpStatus };
  return { known: 'unknown', code: 'server_error', httpStatus };
}

export const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

const refused = (httpStatus: number, retryAfter: number | undefined): SendResult => ({
  known: 'refused',
  httpStatus,
  ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
});
