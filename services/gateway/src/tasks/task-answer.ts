import type { Credits } from '@tollgate/events';
import type { StoredTask } from '@tollgate/store';
import type { Json, JsonObject } from '../http/json-reader.js';
import { isoTime } from '../http/times.js';

/** How a task stands, as its askers are told (contract section 2): who let it expire or gave it up has failed. */
export interface TaskStanding {
  readonly status: 'in_progress' | 'completed' | 'failed';
  readonly doneAt: number | null;
  readonly resultHash: string | null;
  readonly errorCode: string | null;
}

/** @param now ms since the epoch; a deadline counts from its moment on, whether the stage has said so yet or not */
export function standingOf(task: StoredTask, now: number): TaskStanding | undefined {
  const { state } = task;
  const failed = (at: number, errorCode: string): TaskStanding => ({
    status: 'failed',
    doneAt: at,
    resultHash: null,
    errorCode,
  });
  switch (state.is) {
    case 'in_progress':
      if (task.job === undefined && task.until <= now) return failed(task.until, 'timeout');
      return { status: 'in_progress', doneAt: null, resultHash: null, errorCode: null };
    case 'completed':
      return { status: 'completed', doneAt: state.at, resultHash: state.resultHash ?? null, errorCode: null };
    case 'failed':
      return failed(state.at, state.errorCode);
    case 'expired':
      return failed(state.at, 'timeout');
    case 'canceled':
      return failed(state.at, 'canceled');
    case 'reset':
      return undefined;
  }
}

const MOST_RETRY_SEC = 5;

/** Whole seconds until the deadline, rounded up; of a job that outlasts its own a second. */
const secondsLeft = ({ until }: StoredTask, now: number): number => Math.max(1, Math.ceil((until - now) / 1_000));
const retrySec = (task: StoredTask, now: number): number => Math.min(MOST_RETRY_SEC, secondsLeft(task, now));
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** The answer of `POST /ai/lease` to whoever holds the key now. */
export const acquiredAnswer = (task: StoredTask, credits: Credits): JsonObject => ({
  ...leaseMembers(task),
  ok: true,
  status: 'acquired',
  lease_id: task.leaseId,
  ...creditMembers(credits),
});

/** The answer of `POST /ai/lease` to anybody else; `result` is shown where it is finished. */
export function polledAnswer(
  task: StoredTask,
  credits: Credits,
  now: number,
  result: Json | undefined,
): JsonObject | undefined {
  const standing = standingOf(task, now);
  if (standing === undefined) return undefined;
  const { status, doneAt, resultHash, errorCode } = standing;
  if (status === 'in_progress') {
    const left = { ttl_left: secondsLeft(task, now), retry_after_sec: retrySec(task, now) };
    return { ...leaseMembers(task), ok: true, status: 'polling', ...left, ...creditMembers(credits) };
  }
  return {
    ...leaseMembers(task),
    ok: status !== 'failed',
    status,
    done_at: timeOrNull(doneAt),
    result_hash: resultHash,
    error_code: errorCode,
    ...creditMembers(credits),
    result: result ?? null,
  };
}

const leaseMembers = (task: StoredTask): JsonObject => ({
  ok: true,
  status: '',
  key: task.key,
  ttl: task.ttlSec,
  ttl_left: null,
  lease_id: null,
  version: task.version,
  first_seen_at: isoTime(task.firstSeenAt),
  done_at: null,
  result_hash: null,
  error_code: null,
  retry_after_sec: null,
});

const creditMembers = ({ usage, limit, charged }: Credits): JsonObject => ({ usage, limit, charged });

/** `GET /ai/status`; undefined for a key that an operator freed. */
export function statusAnswer(task: StoredTask, now: number): JsonObject | undefined {
  const standing = standingOf(task, now);
  if (standing === undefined) return undefined;
  const { status, doneAt, resultHash, errorCode } = standing;
  const runs = status === 'in_progress';
  return {
    ok: status !== 'failed',
    status,
    key: task.key,
    ttl_left: runs ? secondsLeft(task, now) : null,
    lease_id: null,
    version: task.version,
    first_seen_at: isoTime(task.firstSeenAt),
    done_at: timeOrNull(doneAt),
    result_hash: resultHash,
    error_code: errorCode,
    retry_after_sec: runs ? retrySec(task, now) : null,
  };
}

/** `GET /ai/result`; undefined for a key that an operator freed. */
export function resultAnswer(task: StoredTask, now: number, result: Json | undefined): JsonObject | undefined {
  const standing = standingOf(task, now);
  if (standing === undefined) return undefined;
  const { status, doneAt, resultHash, errorCode } = standing;
  return {
    ok: status !== 'failed',
    status,
    key: task.key,
    result: result ?? null,
    result_hash: resultHash,
    error_code: errorCode,
    done_at: timeOrNull(doneAt),
    ...droppedMember(task),
  };
}

const droppedMember = ({ state }: StoredTask): JsonObject =>
  state.is === 'completed' && state.resultDropped === true ? { result_dropped: true } : {};

export const extendedAnswer = ({ key, ttlSec, version }: StoredTask): JsonObject => ({
  ok: true,
  status: 'extended',
  key,
  ttl: ttlSec,
  version,
});

/** What `complete`, `fail` and `cancel` are answered, the first time and again. */
export function endedAnswer(task: StoredTask): JsonObject {
  const { key, version, state } = task;
  switch (state.is) {
    case 'completed': {
      const { at, resultHash } = state;
      const done = { done_at: isoTime(at), result_hash: resultHash ?? null };
      return { ok: true, status: 'completed', key, version, ...done, ...droppedMember(task) };
    }
    case 'failed':
      return { ok: true, status: 'failed', key, version, done_at: isoTime(state.at), error_code: state.errorCode };
    default:
      return { ok: true, status: state.is, key, version };
  }
}
