import { toolDeleted, toolSet, type JournalName, type ToolDocument } from '@tollgate/events';
import { toolEntry, toolSubject, type Clock } from '@tollgate/journal';
import type { Caller } from '../auth/caller.js';
import type { ConfigEdits, Edit } from '../config/config-edits.js';
import type { InForce } from '../config/in-force.js';
import { invalid, notFound } from '../http/contract-error.js';
import type { PlanOf } from '../plans/plan-of.js';
import { mergedTool, type MissingMember } from './tool-edit.js';
import { mustHaveRoom } from './tool-limit.js';
import type { ToolBody } from './tool.schema.js';
import type { ToolSecrets } from './tool-secrets.js';

/** Policy lets no call to a tool pass that is not there; the dispatcher sends to where the tool is now (rule 12). */
const CONCERNED: readonly JournalName[] = ['policy', 'dispatch'];

type By = Pick<Caller, 'tenant' | 'keyId'>;

export interface ToolEditsParts {
  readonly edits: ConfigEdits;
  readonly inForce: InForce;
  readonly secrets: ToolSecrets;
  readonly planOf: PlanOf;
  readonly clock: Clock;
}

/** Which tool, and what the request is traced as. */
export interface NamedTool {
  readonly scope: string;
  readonly name: string;
  readonly trace?: string | undefined;
}

/** Contract section 6, the changes of the registry, behind HTTP. */
export class ToolEdits {
  constructor(private readonly parts: ToolEditsParts) {}

  /** @throws ContractError 403, 422; 503 when it is not confirmed: the change may stand */
  register(by: By, sent: ToolBody, trace?: string): Promise<ToolDocument> {
    const { secrets, clock } = this.parts;
    return this.change(by, { scope: sent.scope_id, name: sent.name, trace }, (current) => {
      const now = clock.now();
      const secret = secrets.after(by.tenant, current, sent.name, sent.auth, now);
      const merged = mergedTool(current, sent, secret, now);
      if (typeof merged === 'string') throw missingMember(merged);
      return merged;
    });
  }

  /** @throws ContractError 404; 503 when it is not confirmed: the change may stand */
  async toggle(by: By, tool: NamedTool, enabled: boolean): Promise<void> {
    await this.change(by, tool, (current) => {
      if (current === undefined) throw noSuchTool();
      return current.enabled === enabled ? current : { ...current, enabled, updatedAt: this.parts.clock.now() };
    });
  }

  /** @throws ContractError 404; 503 when it is not confirmed: the tool may be gone */
  async remove({ tenant, keyId }: By, { scope, name, trace }: NamedTool): Promise<void> {
    const { edits, inForce } = this.parts;
    const { seq } = await edits.edit(toolSubject(tenant, scope, name), (state): Edit<void> => {
      const entry = toolEntry(state, tenant, scope, name);
      if (entry === undefined) throw noSuchTool();
      const deleted = toolDeleted.draft(tenant, { by: keyId, name, scope }, trace);
      // Deleted before: a repeat whose first answer was lost gets that answer.
      return { seq: entry.seq, change: entry.value === undefined ? undefined : deleted, outcome: undefined };
    });
    await inForce.from(tenant, seq, { stages: CONCERNED });
  }

  /** Puts the tool that `next` makes of the current one in force; the current one itself changes nothing. */
  private async change(
    { tenant, keyId }: By,
    { scope, name, trace }: NamedTool,
    next: (current: ToolDocument | undefined) => ToolDocument,
  ): Promise<ToolDocument> {
    const { edits, inForce, planOf } = this.parts;
    const { seq, outcome } = await edits.edit(toolSubject(tenant, scope, name), (state) => {
      const entry = toolEntry(state, tenant, scope, name);
      const tool = next(entry?.value);
      const change = tool === entry?.value ? undefined : toolSet.draft(tenant, { by: keyId, tool }, trace);
      // Of two new tools at once, one is counted by the other.
      const alone = entry?.value === undefined && planOf(tenant).maxTools > 0;
      if (alone) mustHaveRoom(planOf(tenant), state, tenant);
      return { seq: entry?.seq ?? 0, change, outcome: tool, alone };
    });
    await inForce.from(tenant, seq, { stages: CONCERNED });
    return outcome;
  }
}

export const noSuchTool = () => notFound('tool_not_found', 'There is no such tool in this scope');

const missingMember = (member: MissingMember) =>
  invalid([{ type: 'missing', loc: ['body', member], msg: 'Field required', input: null }]);
