import { SetMetadata } from '@nestjs/common';
import type { Plan } from '@tollgate/events';

/** What only some plans have (contract section 9). */
export type Feature = keyof Pick<Plan, 'agents' | 'pricing'>;

export const FEATURE = 'tollgate:feature';

/** The plan of the caller's tenant must have it, else 403 `feature_not_available`. */
export const OnPlansWith = (feature: Feature) => SetMetadata(FEATURE, feature);
