import {
  finish,
  keyCreated,
  policySet,
  secretCallId,
  tenantChanged,
  toolSet,
  type Caps,
  type Draft,
} from '@tollgate/events';
import { configSubject, toolSubject } from '@tollgate/journal';
import { apiKeyHash, type Sealer } from '@tollgate/sealing';
import type { Scenario, SimToolSettings } from './scenario.js';
import type { SimBroker } from './sim-broker.js';
import { FEW } from './sim-plans.js';
import { knownUrlOf, SECRET, urlOf } from './sim-tools.js';
import type { World } from './world.js';

const BY = { by: '-' };
const MINTED = 'tg_live_';

/** What a client of the tenant sends with its requests: the key of that name, or one that a gateway has minted. */
export const tokenOf = (tenant: string, key: string): string =>
  key.startsWith(MINTED) ? key : `${tenant}.${key.replace(' ', '-')}`;

/** What stands in CONFIG when the first call arrives. */
export class SimConfig {
  constructor(
    private readonly world: World,
    private readonly broker: SimBroker,
    private readonly sealer: Sealer,
    private readonly scenario: Scenario,
  ) {}

  setUp(): void {
    const { tenants, tools, agents, caps } = this.scenario;
    for (const tenant of tenants) {
      if (this.scenario.credits !== undefined) this.setPlan(tenant, FEW);
      for (const name of ['key', 'spare key']) this.createKey(tenant, name);
      for (const tool of tools) this.setTool(tenant, tool);
      for (const agent of agents) this.setPolicy(tenant, agent, caps);
    }
  }

  private setPlan(tenant: string, plan: string): void {
    const document = { id: tenant, name: tenant, at: this.at, plan };
    this.put(configSubject(tenant, 'tenant', tenant), tenantChanged.draft(tenant, { ...BY, tenant: document }));
  }

  private setTool(tenant: string, settings: SimToolSettings): void {
    const { name, onUnknown, maxRetries, timeoutMs, dedupWindowSec } = settings;
    const tool = {
      name,
      scope: 'global',
      url: urlOf(tenant, name),
      secret: this.sealer.seal(SECRET, { tenant, callId: secretCallId(name) }),
      secretId: 's',
      secretMask: '***',
      timeoutMs,
      maxRetries,
      enabled: true,
      onUnknown,
      ...(onUnknown === 'reconcile' ? { reconcileUrl: knownUrlOf(tenant, name) } : {}),
      dedupWindowSec,
      runIdIsArgument: false,
      serverErrorIs: 'failed' as const,
      createdAt: this.at,
      updatedAt: this.at,
    };
    this.put(toolSubject(tenant, 'global', name), toolSet.draft(tenant, { ...BY, tool }));
  }

  private setPolicy(tenant: string, agent: string, { maxCallsPerTool, ...caps }: Caps): void {
    const { tools, mode, price } = this.scenario;
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
    this.put(configSubject(tenant, 'policy', agent), policySet.draft(tenant, { ...BY, policy }));
  }

  private createKey(tenant: string, name: string): void {
    const id = `${tenant} ${name}`;
    const rights = { role: 'admin' as const, agents: [], expiresAt: null };
    const hash = apiKeyHash(tokenOf(tenant, name));
    const key = { id, hash, preview: '', name: null, createdAt: this.at, ...rights };
    this.put(configSubject(tenant, 'key', id), keyCreated.draft(tenant, { ...BY, key }));
  }

  private get at(): number {
    return Math.floor(this.world.now);
  }

  private put(subject: string, change: Draft): void {
    const body = JSON.stringify(finish(change, 0, this.at));
    this.broker.store(subject, new TextEncoder().encode(body), {});
  }
}
