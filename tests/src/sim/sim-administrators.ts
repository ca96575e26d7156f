import { usdFromMicros, type Caps } from '@tollgate/events';
import { ContractError } from '@tollgate/gateway';
import { Askers } from './askers.js';
import type { Scenario, SimToolSettings } from './scenario.js';
import type { SimGateway } from './sim-gateway.js';
import { knownUrlOf, SECRET, urlOf } from './sim-tools.js';
import type { World } from './world.js';

/** A policy that was answered to be in force. */
export interface PolicyChange {
  readonly tenant: string;
  readonly agent: string;
  readonly version: number;
  readonly heardAt: number;
}

/** A tool that was answered to be gone or disabled, until it was asked for again. */
export interface ToolClosing {
  readonly tenant: string;
  readonly tool: string;
  readonly heardAt: number;
  until: number;
}

/** A policy as it is sent: every member of it. */
export interface WantedCaps {
  readonly caps: Caps;
  /** Of a call to any tool, micro-dollars. */
  readonly price: number;
}

export type ToolChange = 'disabled' | 'gone' | 'hold' | 'retry';

/** What may still take effect, by whom it is about. */
class UnderWay {
  private readonly begun = new Map<string, number>();
  private readonly open = new Map<string, number>();

  async during<T>(whom: string, work: () => Promise<T>): Promise<T> {
    this.begun.set(whom, (this.begun.get(whom) ?? 0) + 1);
    this.open.set(whom, (this.open.get(whom) ?? 0) + 1);
    const done = await work();
    this.open.set(whom, (this.open.get(whom) ?? 0) - 1);
    return done;
  }

  /** Tells, when it is asked, whether there was nothing from now on. */
  noneFrom(whom: string): () => boolean {
    const begun = this.begun.get(whom) ?? 0;
    const isOpen = (this.open.get(whom) ?? 0) > 0;
    return () => !isOpen && (this.begun.get(whom) ?? 0) === begun;
  }
}

/** Administrators change policies and tools, and enable agents, each at whatever gateway, until it is confirmed. */
export class SimAdministrators extends Askers {
  readonly policies: PolicyChange[] = [];
  readonly closings: ToolClosing[] = [];
  /** Of agents, and of tools: what undoes a disabling. */
  readonly enablings = new UnderWay();
  private readonly registerings = new UnderWay();
  private changes = 0;

  constructor(
    world: World,
    private readonly scenario: Scenario,
    gatewayAt: (place: number) => SimGateway,
  ) {
    super(world, gatewayAt);
  }

  setPolicy(tenant: string, agent: string, wanted: WantedCaps): Promise<void> {
    const sent = policyBodyOf(this.scenario, wanted);
    const text = `${JSON.stringify(wanted.caps)}, a call costs ${wanted.price}`;
    return this.busy(async () => {
      const { version } = await this.change(`changes the policy of ${tenant} ${agent}: ${text}`, (gateway) =>
        gateway.administer(tenant, ({ policies }, caller) => policies.set(caller, { agent, sent, how: 'replace' })),
      );
      this.policies.push({ tenant, agent, version, heardAt: this.world.now });
    });
  }

  /** For so long the tool is gone, disabled, or does otherwise with what is unknown; then it is as it was. */
  changeTool(tenant: string, settings: SimToolSettings, to: ToolChange, forMs: number): Promise<void> {
    return this.busy(async () => {
      if (to === 'gone' || to === 'disabled') await this.close(tenant, settings.name, to);
      else await this.register(tenant, { ...settings, onUnknown: to }, `makes ${tenant} ${settings.name} ${to}`);
      await this.wait(forMs);
      await this.register(tenant, settings, `sets ${tenant} ${settings.name} as it was`);
    });
  }

  enable(tenant: string, agent: string): Promise<void> {
    return this.busy(() =>
      this.enablings.during(`${tenant} ${agent}`, () =>
        this.change(`enables ${tenant} ${agent}`, (gateway) =>
          gateway.administer(tenant, ({ killSwitch }, caller) => killSwitch.enable(caller, agent)),
        ),
      ),
    );
  }

  private async close(tenant: string, name: string, to: 'gone' | 'disabled'): Promise<void> {
    const isAlone = this.registerings.noneFrom(`${tenant} ${name}`);
    const tool = { scope: 'global', name };
    const isClosed = await this.change(`makes ${tenant} ${name} ${to}`, (gateway) =>
      gateway.administer(tenant, ({ tools }, caller) =>
        (to === 'gone' ? tools.remove(caller, tool) : tools.toggle(caller, tool, false)).then(() => true, unlessGone),
      ),
    );
    if (isClosed && isAlone()) this.closings.push({ tenant, tool: name, heardAt: this.world.now, until: Infinity });
  }

  private register(tenant: string, settings: SimToolSettings, what: string): Promise<unknown> {
    const { name } = settings;
    // From now on the tool may be there.
    for (const one of this.closings) {
      if (one.tenant === tenant && one.tool === name) one.until = Math.min(one.until, this.world.now);
    }
    return this.registerings.during(`${tenant} ${name}`, () =>
      this.change(what, (gateway) =>
        gateway.administer(tenant, ({ tools }, caller) => tools.register(caller, toolBodyOf(tenant, settings))),
      ),
    );
  }

  private change<T>(what: string, ask: Parameters<typeof this.confirmed<T>>[2]): Promise<T> {
    this.changes += 1;
    return this.confirmed(undefined, `${what} (${this.changes})`, ask);
  }
}

/** Somebody else has deleted it: nobody has said yet that this is in force. */
function unlessGone(error: unknown): false {
  if (error instanceof ContractError && error.status === 404) return false;
  throw error;
}

function policyBodyOf({ tools, mode }: Scenario, { caps, price }: WantedCaps) {
  const { maxActionsPerHour, maxSpendPerDay, maxCallsPerTool } = caps;
  return {
    mode,
    pricing_rules: tools.map(({ name }) => ({ tool: name, price_usd: usdFromMicros(price) })),
    max_actions_per_hour: maxActionsPerHour,
    max_spend_usd_per_day: maxSpendPerDay === undefined ? undefined : usdFromMicros(maxSpendPerDay),
    max_calls_per_tool:
      maxCallsPerTool === undefined ? undefined : Object.fromEntries(tools.map(({ name }) => [name, maxCallsPerTool])),
  };
}

const toolBodyOf = (tenant: string, settings: SimToolSettings) => ({
  name: settings.name,
  scope_id: 'global',
  url: urlOf(tenant, settings.name),
  auth: { type: 'hmac_sha256' as const, secret: SECRET },
  timeout_ms: settings.timeoutMs,
  max_retries: settings.maxRetries,
  enabled: true,
  on_unknown: settings.onUnknown,
  reconcile_url: settings.onUnknown === 'reconcile' ? knownUrlOf(tenant, settings.name) : undefined,
  dedup_window_sec: settings.dedupWindowSec,
});
