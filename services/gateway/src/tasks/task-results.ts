import { wouldBlockMember, type EndedAction } from '@tollgate/events';
import type { StoredTask } from '@tollgate/store';
import { mustCover, type Caller } from '../auth/caller.js';
import { unavailable } from '../http/contract-error.js';
import type { Json, JsonObject } from '../http/json-reader.js';
import { wrapped } from '../run/call-answer.js';
import type { Results } from '../run/results.js';

/** Results of tasks, opened where their callers may see them: of a lease what its holder sent, of a job what its actions did. */
export class TaskResults {
  constructor(private readonly results: Results) {}

  /** @throws ContractError 403 for what a job of an agent did that the caller does not speak for, 503 */
  async of(caller: Caller, { state, job }: StoredTask): Promise<Json | undefined> {
    if (state.is === 'in_progress' || state.is === 'reset') return undefined;
    if (job?.agent !== undefined) mustCover(caller, job.agent);
    const { tenant } = caller;
    try {
      if (state.is === 'completed' && state.result !== undefined) return await this.results.open(tenant, state.result);
      return job === undefined ? undefined : await this.ofJob(tenant, job);
    } catch (error) {
      throw unavailable('The result cannot be read now: repeat it', {}, error);
    }
  }

  private async ofJob(tenant: string, job: NonNullable<StoredTask['job']>): Promise<JsonObject> {
    const results: Json[] = [];
    for (const ended of job.ended) results.push(await this.ofAction(tenant, ended));
    return {
      run_id: job.runId,
      dry_run: job.dryRun,
      results,
      ...(job.skipped > 0 ? { skipped: job.skipped } : {}),
    };
  }

  private async ofAction(tenant: string, ended: EndedAction): Promise<JsonObject> {
    const { tool, decision, reason, error, wouldBlock } = ended;
    const result = error ? { error: error.code, status: error.status } : await this.results.open(tenant, ended.result);
    const shown = decision === 'blocked' ? undefined : wrapped(result);
    const allowed = decision !== 'blocked';
    const noted = wouldBlockMember(wouldBlock);
    return {
      tool,
      decision,
      allowed,
      policy_reason: reason,
      ...(shown === undefined ? {} : { result: shown }),
      ...noted,
    };
  }
}
