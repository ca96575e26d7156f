import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { ToolDocument } from '@tollgate/events';
import { toolEntry, type ConfigState } from '@tollgate/journal';
import { TheCaller } from '../auth/access.js';
import { deleteToolDocs, registerToolDocs, toggleToolDocs, toolDocs, toolsDocs } from './tools.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { CurrentConfig } from '../config/current-config.js';
import { invalidValue } from '../http/contract-error.js';
import { activeTraceparent } from '../http/request-span.js';
import { toolAnswer } from './tool-edit.js';
import { noSuchTool, ToolEdits } from './tool-edits.js';
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

/** Contract section 6, the registry. */
@Controller('v1/tools')
export class ToolsController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(ToolEdits) private readonly edits: ToolEdits,
    @Inject(TOOL_ADDRESSES) private readonly addresses: ToolAddresses,
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
    const tool = await this.edits.register(caller, sent, activeTraceparent());
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
    await this.edits.toggle(caller, { scope: scope_id, name, trace: activeTraceparent() }, enabled);
    return { name, enabled };
  }

  @Documented(deleteToolDocs)
  @Delete(':name')
  async remove(
    @TheCaller() caller: Caller,
    @Param({ schema: toolPath }) { name }: ToolPath,
    @Query({ schema: scopeQuery }) { scope_id }: ScopeQuery,
  ) {
    await this.edits.remove(caller, { scope: scope_id, name, trace: activeTraceparent() });
    return { ok: true, deleted: name, scope_id };
  }
}

function existing(state: ConfigState, tenant: string, scopeId: string, name: string): ToolDocument {
  const tool = toolEntry(state, tenant, scopeId, name)?.value;
  if (tool === undefined) throw noSuchTool();
  return tool;
}

function byNameAndScope(one: ToolDocument, other: ToolDocument): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.scope < other.scope ? -1 : 1;
}
