import type { CurrentConfig } from '../config/current-config.js';
import { featureNotAvailable } from '../http/contract-error.js';
import type { Feature } from './feature.js';
import type { PlanOf } from './plan-of.js';

/** Which features a tenant's plan has, as of now. */
export class Features {
  constructor(
    private readonly config: Pick<CurrentConfig, 'readToEnd'>,
    private readonly planOf: PlanOf,
  ) {}

  /** @throws ContractError 403; 503 where a plan that seems to lack it cannot be looked at again */
  async mustHave(tenant: string, feature: Feature): Promise<void> {
    // Out of reach, the plan that is known may still let pass: what Postgres alone serves goes on (G8).
    const unread = await this.config.readToEnd().then(
      () => undefined,
      (error: unknown) => error,
    );
    const plan = this.planOf(tenant);
    if (plan[feature]) return;
    throw unread ?? featureNotAvailable(plan.name);
  }
}
