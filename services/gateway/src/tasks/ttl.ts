import type { Plan } from '@tollgate/events';

/** Seconds that a lock or lease lasts: the plan's default, and never more than its maximum (contract section 9). */
export const ttlOf = (asked: number | undefined, { ttlSec }: Plan): number =>
  Math.min(asked ?? ttlSec.default, ttlSec.most);
