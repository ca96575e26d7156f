import type { ServiceName } from '@tollgate/runtime';

const ofStage = (stage: string): string[] =>
  ['before-decision', 'before-append', 'after-append', 'after-effects'].map((point) => `${stage}.${point}`);

/** Every place between two effects of a service at which a test can make it die or stand still. */
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
