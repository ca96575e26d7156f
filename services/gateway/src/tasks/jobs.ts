import type { Sealer } from '@tollgate/sealing';
import type { DryRuns } from '../dry-run/dry-runs.js';
import type { JsonObject } from '../http/json-reader.js';
import type { TenantHashKeys } from '../run/hash-keys.js';
import type { JobBody } from '../run/run.schema.js';
import { callsOf, jobOf, triedJobOf, wantedJob } from './job-request.js';
import type { Request, Tasks } from './tasks.js';

export interface JobsParts {
  readonly gateway: string;
  readonly tasks: Tasks;
  readonly dryRuns: DryRuns;
  readonly hashKeys: TenantHashKeys;
  readonly sealer: Sealer;
}

/** Contract 3.2, behind HTTP: whoever acquires the key has its actions run. */
export class Jobs {
  constructor(private readonly parts: JobsParts) {}

  /** @throws ContractError 402, 403, 413, 422, 503 */
  async run(request: Request, { key, ttl, metadata }: JobBody): Promise<JsonObject> {
    const { gateway, tasks, dryRuns, hashKeys, sealer } = this.parts;
    const { caller } = request;
    const wanted = wantedJob(caller, key, metadata);
    if (wanted.dryRun) {
      const tried = triedJobOf(wanted, await dryRuns.actions(caller, callsOf(wanted)));
      return tasks.lease(request, { key, ttl }, () => tried);
    }
    const around = { gateway, caller, sealer, hashKeys: hashKeys.of(caller.tenant) };
    return tasks.lease(request, { key, ttl }, (leaseId) => jobOf(wanted, leaseId, around));
  }
}
