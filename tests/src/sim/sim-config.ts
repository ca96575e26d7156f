import {
  agentEnabled,
  finish,
  keyCreated,
  policySet,
  secretCallId,
  tenantChanged,
  toolDeleted,
  toolSet,
  type Caps,
  type Draft,
  type ToolDocument,
} from '@tollgate/events';
import { configSubject, type ConfigKind } from '@tollgate/journal';
import { apiKeyHash, type Sealer } from '@tollgate/sealing';
import type { Scenario, SimToolSettings } from './scenario.js';
import type { SimBroker } from './sim-broker.js';
import { FEW } from './sim-plans.js';
import { knownUrlOf, urlOf } from './sim-tools.js';
import type { World } from './world.js';

const BY = { by: '-' };
const MINTED = 'tg_live_';

/** What a client of the tenant sends with its requests: the key of that name, or one that a gateway has minted. */
export const tokenOf = (tenant: string, key: string): string =>
  key.startsWith(MINTED) ? key : `${tenant}.${key.replace(' ', '-')}`;

/** What administrators do: changes of CONFIG. Each answers the sequence it has there. */
export class SimConfig {
  private readonly sealed = new Map<string, ToolDocument['secret']>();

  constructor(
    private readonly world: World,
    private readonly broker: SimBroker,
    private readonly sealer: Sealer,
    private readonly scenario: Scenario,
  ) {}

  /** The installation as it is when the first call arrives. */
  setUp(): void {
    const { tenants, tools, agents, caps } = this.scenario;
    for (const tenant of tenants) {
      if (this.scenario.credits !== undefined) this.setPlan(tenant, FEW);
      for (const name of ['key', 'spare key']) this.createKey(tenant, name);
      for (const tool of tools) this.setTool(tenant, tool, true);
      for (const agent of agents) this.setPolicy(tenant, agent, caps);
    }
  }

  private setPlan(tenant: string, plan: string): void {
    const document = { id: tenant, name: tenant, at: this.at, plan };
    this.put(tenant, 'tenant', tenant, tenantChanged.draft(tenant, { ...BY, tenant: document }));
  }

  enable(tenant: string, agent: string): number {
    return this.put(tenant, 'agent', agent, agentEnabled.draft(tenant, { ...BY, agent }));
  }

  deleteTool(tenant: string, name: string): number {
    return this.put(tenant, 'tool', name, toolDeleted.draft(tenant, { ...BY, name, scope: 'global' }));
  }

  setTool(tenant: string, settings: SimToolSettings, enabled: boolean): number {
    const { name, onUnknown, maxRetries, timeoutMs, dedupWindowSec } = settings;
    const tool = {
      name,
      scope: 'global',
      url: urlOf(tenant, name),
      secret: this.secretOf(tenant, name),
      secretId: 's',
      secretMask: '***',
      timeoutMs,
      maxRetries,
      enabled,
      onUnknown,
      ...(onUnknown === 'reconcile' ? { reconcileUrl: knownUrlOf(tenant, name) } : {}),
      dedupWindowSec,
      runIdIsArgument: false,
      serverErrorIs: 'failed' as const,
      createdAt: this.at,
      updatedAt: this.at,
    };
    return this.put(tenant, 'tool', name, toolSet.draft(tenant, { ...BY, tool }));
  }

  setPolicy(tenant: string, agent: string, { maxCallsPerTool, ...caps }: Caps, price = this.scenario.price): number {
    const { tools, mode } = this.scenario;
    const policy = {
      agent,
      version: 1,
      updatedAt: this.at,
      pricingRules: tools.map(({ name }) => ({ tool: name, price })),
      ...(mode === undefined ? {} : { mode }),
      ...caps,
      ...(maxCallsPerTool === undefined
        ? {}
        : { maxCallsPerTool: tools.map(({ name }) => ({ tool: name, calls: maxCallsPerTool })) }),
    };
    return this.put(tenant, 'policy', agent, policySet.draft(tenant, { ...BY, policy }));
  }

  private createKey(tenant: string, name: string): void {
    const id = `${tenant} ${name}`;
    const rights = { role: 'admin' as const, agents: [], expiresAt: null };
    const hash = apiKeyHash(tokenOf(tenant, name));
    const key = { id, hash, preview: '', name: null, createdAt: this.at, ...rights };
    this.put(tenant, 'key', id, keyCreated.draft(tenant, { ...BY, key }));
  }

  private secretOf(tenant: string, name: string): ToolDocument['secret'] {
    const known = this.sealed.get(`${tenant} ${name}`);
    const secret = known ?? this.sealer.seal('secret', { tenant, callId: secretCallId(name) });
    this.sealed.set(`${tenant} ${name}`, secret);
    return secret;
  }

  private get at(): number {
    return Math.floor(this.world.now);
  }

  private put(tenant: string, kind: ConfigKind, id: string, change: Draft): number {
    const body = JSON.stringify(finish(change, 0, this.at));
    return this.broker.store(configSubject(tenant, kind, id), new TextEncoder().encode(body), {});
  }
}
