import { agentDisabled, agentEnabled } from '@tollgate/events';
import { agentEntry, configSubject, type Clock } from '@tollgate/journal';
import type { Caller } from '../auth/caller.js';
import type { ConfigEdits } from '../config/config-edits.js';
import type { InForce } from '../config/in-force.js';

type By = Pick<Caller, 'tenant' | 'keyId'>;

/** Contract section 5, behind HTTP. */
export class KillSwitch {
  constructor(
    private readonly edits: ConfigEdits,
    private readonly inForce: InForce,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends when no request of the agent can leave any more, with the dispatcher's time of saying so (G4), ms since the epoch.
   * A repeat asks again, and so moves it: it never lies before a request that left.
   *
   * @throws ContractError 503 when that is not confirmed; the change may stand
   */
  async disable({ tenant, keyId }: By, agent: string, reason: string | null, trace?: string): Promise<number> {
    const { seq } = await this.edits.edit(configSubject(tenant, 'agent', agent), (state) => {
      const entry = agentEntry(state, tenant, agent);
      const already = entry?.value !== undefined && entry.value.reason === reason;
      const data = { by: keyId, agent, reason, at: this.clock.now() };
      const change = already ? undefined : agentDisabled.draft(tenant, data, trace);
      return { seq: entry?.seq ?? 0, change, outcome: undefined };
    });
    const answers = await this.inForce.from(tenant, seq, { stages: ['policy', 'dispatch'], agent });
    return answers.get('dispatch') ?? this.clock.now();
  }

  async enable({ tenant, keyId }: By, agent: string, trace?: string): Promise<void> {
    const { seq } = await this.edits.edit(configSubject(tenant, 'agent', agent), (state) => {
      const entry = agentEntry(state, tenant, agent);
      const enabled = agentEnabled.draft(tenant, { by: keyId, agent }, trace);
      return { seq: entry?.seq ?? 0, change: entry?.value === undefined ? undefined : enabled, outcome: undefined };
    });
    await this.inForce.from(tenant, seq, { stages: ['policy', 'dispatch'] });
  }
}
