import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { toolDeleted, toolSet, type JournalName, type ToolDocument } from '@tollgate/events';
import { toolSubject, toolEntry, type ConfigState } from '@tollgate/journal';
import { TheCaller } from '../auth/access.js';
import { deleteToolDocs, registerToolDocs, toggleToolDocs, toolDocs, toolsDocs } from './tools.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { ConfigEdits, type Edit } from '../config/config-edits.js';
import { CurrentConfig } from '../config/current-config.js';
import { InForce } from '../config/in-force.js';
import { invalid, invalidValue, notFound } from '../http/contract-error.js';
import { activeTraceparent } from '../http/request-span.js';
import { PLAN_OF, type PlanOf } from '../plans/plan-of.js';
import { mergedTool, toolAnswer, type MissingMember } from './tool-edit.js';
import { mustHaveRoom } from './tool-limit.js';
import { ToolSecrets } from './tool-secrets.js';
import {
  listQuery,
  refusesAddress,
  scopeQuery,
  toggleBody,
  toolBody,
  toolPath,
  type ListQuery,
  type ScopeQuery,
  type ToggleBody,
  type ToolBody,
  type ToolPath,
} from './tool.schema.js';
import { TOOL_ADDRESSES, type ToolAddresses } from './tool-addresses.js';

const CONCERNED: readonly JournalName[] = ['policy', 'dispatch'];

/** Contract section 6, the registry. */
@Controller('v1/tools')
export class ToolsController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(ConfigEdits) private readonly edits: ConfigEdits,
    @Inject(InForce) private readonly inForce: InForce,
    @Inject(ToolSecrets) private readonly secrets: ToolSecrets,
    @Inject(TOOL_ADDRESSES) private readonly addresses: ToolAddresses,
    @Inject(PLAN_OF) private readonly planOf: PlanOf,
  ) {}

  @Documented(registerToolDocs)
  @Post()
  async register(@TheCaller() caller: Caller, @Body({ schema: toolBody }) sent: ToolBody) {
    for (const member of ['url', 'reconcile_url'] as const) {
      const url = sent[member];
      if (url !== undefined && refusesAddress(url, this.addresses)) {
        throw invalidValue(['body', member], 'Requests to this address are not allowed');
      }
    }
    const tool = await this.change(caller, sent.scope_id, sent.name, (current) => {
      const now = Date.now();
      const secret = this.secrets.after(caller.tenant, current, sent.name, sent.auth, now);
      const merged = mergedTool(current, sent, secret, now);
      if (typeof merged === 'string') throw missingMember(merged);
      return merged;
    });
    return toolAnswer(tool, Date.now());
  }

  @Documented(toolsDocs)
  @Get()
  async list(@TheCaller() { tenant }: Caller, @Query({ schema: listQuery }) { scope_id }: ListQuery) {
    await this.config.readToEnd();
    return [...this.config.state.tools.values()]
      .filter((entry) => entry.tenant === tenant)
      .flatMap(({ value }) => (value === undefined ? [] : [value]))
      .filter(({ scope }) => scope_id === 'all' || scope === scope_id)
      .sort(byNameAndScope)
      .map((tool) => toolAnswer(tool, Date.now()));
  }

  @Documented(toolDocs)
  @Get(':name')
  async one(
    @TheCaller() { tenant }: Caller,
    @Param({ schema: toolPath }) { name }: ToolPath,
    @Query({ schema: scopeQuery }) { scope_id }: ScopeQuery,
  ) {
    await this.config.readToEnd();
    return toolAnswer(existing(this.config.state, tenant, scope_id, name), Date.now());
  }

  @Documented(toggleToolDocs)
  @Post(':name/toggle')
  @HttpCode(200)
  async toggle(
    @TheCaller() caller: Caller,
    @Param({ schema: toolPath }) { name }: ToolPath,
    @Query({ schema: scopeQuery }) { scope_id }: ScopeQuery,
    @Body({ schema: toggleBody }) { enabled }: ToggleBody,
  ) {
    await this.change(caller, scope_id, name, (current) => {
      if (current === undefined) throw noSuchTool();
      return current.enabled === enabled ? current : { ...current, enabled, updatedAt: Date.now() };
    });
    return { name, enabled };
  }

  @Documented(deleteToolDocs)
  @Delete(':name')
  async remove(
    @TheCaller() { tenant, keyId }: Caller,
    @Param({ schema: toolPath }) { name }: ToolPath,
    @Query({ schema: scopeQuery }) { scope_id }: ScopeQuery,
  ) {
    const { seq } = await this.edits.edit(toolSubject(tenant, scope_id, name), (state): Edit<void> => {
      const entry = toolEntry(state, tenant, scope_id, name);
      if (entry === undefined) throw noSuchTool();
      const deleted = toolDeleted.draft(tenant, { by: keyId, name, scope: scope_id }, activeTraceparent());
      // Deleted before: a repeat whose first answer was lost gets that answer.
      return { seq: entry.seq, change: entry.value === undefined ? undefined : deleted, outcome: undefined };
    });
    await this.inForce.from(tenant, seq, { stages: CONCERNED });
    return { ok: true, deleted: name, scope_id };
  }

  /** Puts the tool that `next` makes of the current one in force; the current one itself changes nothing. */
  private async change(
    { tenant, keyId }: Caller,
    scopeId: string,
    name: string,
    next: (current: ToolDocument | undefined) => ToolDocument,
  ): Promise<ToolDocument> {
    const { seq, outcome } = await this.edits.edit(toolSubject(tenant, scopeId, name), (state) => {
      const entry = toolEntry(state, tenant, scopeId, name);
      const tool = next(entry?.value);
      const change =
        tool === entry?.value ? undefined : toolSet.draft(tenant, { by: keyId, tool }, activeTraceparent());
      // Of two new tools at once, one is counted by the other.
      const alone = entry?.value === undefined && this.planOf(tenant).maxTools > 0;
      if (alone) mustHaveRoom(this.planOf(tenant), state, tenant);
      return { seq: entry?.seq ?? 0, change, outcome: tool, alone };
    });
    await this.inForce.from(tenant, seq, { stages: CONCERNED });
    return outcome;
  }
}

function existing(state: ConfigState, tenant: string, scopeId: string, name: string): ToolDocument {
  const tool = toolEntry(state, tenant, scopeId, name)?.value;
  if (tool === undefined) throw noSuchTool();
  return tool;
}

const noSuchTool = () => notFound('tool_not_found', 'There is no such tool in this scope');

const missingMember = (member: MissingMember) =>
  invalid([{ type: 'missing', loc: ['body', member], msg: 'Field required', input: null }]);

function byNameAndScope(one: ToolDocument, other: ToolDocument): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.scope < other.scope ? -1 : 1;
}
