import type { JournalName } from '@tollgate/events';
import type { ServiceName } from '@tollgate/runtime';

const ofStage = (stage: string): string[] =>
  ['before-decision', 'before-append', 'after-append', 'after-effects'].map((point) => `${stage}.${point}`);

/** Who takes over a stage's partition has claimed it, and has said so in the journal; it decides nothing yet. */
export const takeoverPoints = (kind: StageKind): readonly string[] =>
  ['claimed', 'owner-changed'].map((point) => `${journalOf(kind)}.${point}`);

/** Places between two effects that calls alone do not come by: `job-actions`, `dispatcher-stopped` and `record/snapshots`. */
export const POINTS_ON_OCCASION = {
  lease: ['lease.before-action', 'lease.action-put'],
  dispatcher: ['dispatch.before-hand-over', 'dispatch.handed-over'],
  stage: ['snapshot-parts', 'snapshot-head'],
} as const;

export type StageKind = 'policy' | 'lease' | 'budget' | 'dispatcher';
export const journalOf = (kind: StageKind): JournalName => (kind === 'dispatcher' ? 'dispatch' : kind);

/** Every place between two effects of a service that calls come by, at which a test can make it die or stand still. */
export const FAULT_POINTS: Readonly<Record<ServiceName, readonly string[]>> = {
  policy: ofStage('policy'),
  lease: ofStage('lease'),
  budget: ofStage('budget'),
  dispatcher: [...ofStage('dispatch'), 'dispatch.before-send', 'dispatch.request-sent', 'dispatch.before-answer'],
  gateway: ['gateway.call-accepted'],
  audit: [
    'audit.postgres.before-commit',
    'audit.postgres.stored',
    'audit.redis.stored',
    'audit.tasks.stored',
    'audit.decisions.stored',
  ],
};

/**
 * Which passing of a point is meant. Those further down the stream come by theirs first: all must meet their fates at about
 * the same time, because nothing reaches a stage behind one that is gone.
 */
const NTH: Readonly<Record<ServiceName, number>> = {
  dispatcher: 4,
  budget: 6,
  lease: 8,
  policy: 10,
  gateway: 12,
  audit: 3,
};

/** Inputs that a stage gets before the first call: changes of owners and of the configuration. */
const BEFORE_CALLS = 20;

export const nthOf = (kind: ServiceName, point: string): number =>
  NTH[kind] + (point.endsWith('.before-decision') ? BEFORE_CALLS : 0);

/** Armed so, a process meets its fate at the point among calls; in taking over, at the first time. */
export const armedAt = (kind: ServiceName, point: string | undefined, fate: 'kill' | 'stop'): string => {
  if (point === undefined) return '';
  return `${point}:${FAULT_POINTS[kind].includes(point) ? nthOf(kind, point) : 1}=${fate}`;
};
