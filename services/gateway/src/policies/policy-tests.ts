import type { Caller } from '../auth/caller.js';
import type { DryRuns } from '../dry-run/dry-runs.js';
import type { CallAnswer } from '../run/call-answer.js';
import type { PolicyEdits } from './policy-edits.js';
import type { TestBody } from './policy.schema.js';

/** Contract section 4, behind HTTP: what a policy, stored or not, would say to a call. */
export class PolicyTests {
  constructor(
    private readonly edits: PolicyEdits,
    private readonly dryRuns: DryRuns,
  ) {}

  /** @throws ContractError what the call itself would get, and 400, 422, 503 */
  async test(caller: Caller, agent: string, { policy, ...call }: TestBody): Promise<CallAnswer> {
    const stored = policy && (await this.edits.asStored(caller, agent, policy));
    return this.dryRuns.answer({ caller, sent: { agent_id: agent, ...call }, policy: stored });
  }
}
