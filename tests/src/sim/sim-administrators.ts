import { usdFromMicros, type Caps } from '@tollgate/events';
import { ContractError } from '@tollgate/gateway';
import { Askers, type Ask } from './askers.js';
import type { Scenario, SimToolSettings } from './scenario.js';
import type { SimGateway } from './sim-gateway.js';
import { SimSwitches } from './sim-switches.js';
import { knownUrlOf, SECRET, urlOf } from './sim-tools.js';
import type { World } from './world.js';

/** A policy that was answered to be in force. */
export interface PolicyChange {
  readonly tenant: string;
  readonly agent: string;
  readonly version: number;
  readonly heardAt: number;
}

/** A policy as it is sent: every member of it. */
export interface WantedCaps {
  readonly caps: Caps;
  /** Of a call to any tool, micro-dollars. */
  readonly price: number;
}

export type ToolChange = 'disabled' | 'gone' | 'hold' | 'retry';

/** Administrators change policies and tools, disable and enable agents, and repeat what must be confirmed. */
export class SimAdministrators extends Askers {
  readonly policies: PolicyChange[] = [];
  readonly agents: SimSwitches;
  readonly tools: SimSwitches;
  private readonly asked = new Map<string, number>();
  private readonly moves = new Map<string, number>();

  constructor(
    world: World,
    private readonly scenario: Scenario,
    gatewayAt: (place: number) => SimGateway,
  ) {
    super(world, gatewayAt);
    this.agents = new SimSwitches(world);
    this.tools = new SimSwitches(world);
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

  /** The kill switch, asked for once; after so long the agent is enabled again. */
  disable(place: number, tenant: string, agent: string, forMs: number): void {
    this.world.note('operator', `disables ${tenant} ${agent}`);
    this.world.after(forMs, () => void this.enable(tenant, agent));
    void this.agents.turn(tenant, agent, 'off', async () => {
      const answered = await this.gatewayAt(place).disable(tenant, agent);
      if (answered === undefined) return undefined;
      this.world.note('operator', `is told that ${tenant} ${agent} is disabled`);
      return { told: true, answered };
    });
  }

  private enable(tenant: string, agent: string): Promise<void> {
    return this.busy(async () => {
      await this.agents.turn(tenant, agent, 'on', async () => {
        await this.change(`enables ${tenant} ${agent}`, (gateway) =>
          gateway.administer(tenant, ({ killSwitch }, caller) => killSwitch.enable(caller, agent)),
        );
        return { told: true };
      });
    });
  }

  private async close(tenant: string, name: string, to: 'gone' | 'disabled'): Promise<void> {
    const tool = { scope: 'global', name };
    await this.tools.turn(tenant, name, 'off', async () => {
      const told = await this.change(`makes ${tenant} ${name} ${to}`, (gateway) =>
        gateway.administer(tenant, ({ tools }, caller) =>
          (to === 'gone' ? tools.remove(caller, tool) : tools.toggle(caller, tool, false)).then(() => true, unlessGone),
        ),
      );
      return { told };
    });
  }

  private async register(tenant: string, settings: SimToolSettings, what: string): Promise<void> {
    const place = `${tenant} ${settings.name}`;
    const move = (this.moves.get(place) ?? 0) + 1;
    this.moves.set(place, move);
    await this.tools.turn(tenant, settings.name, 'on', async () => {
      await this.change(what, (gateway) =>
        gateway.administer(tenant, ({ tools }, caller) => tools.register(caller, toolBodyOf(tenant, settings, move))),
      );
      return { told: true };
    });
  }

  /** Whatever else is left out of a run, a change is asked for by the same chances. */
  private change<T>(what: string, ask: Ask<T>): Promise<T> {
    const nth = (this.asked.get(what) ?? 0) + 1;
    this.asked.set(what, nth);
    return this.confirmed(undefined, `${what} (${nth})`, ask);
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

const toolBodyOf = (tenant: string, settings: SimToolSettings, move: number) => ({
  name: settings.name,
  scope_id: 'global',
  url: urlOf(tenant, settings.name, move),
  auth: { type: 'hmac_sha256' as const, secret: SECRET },
  timeout_ms: settings.timeoutMs,
  max_retries: settings.maxRetries,
  enabled: true,
  on_unknown: settings.onUnknown,
  reconcile_url: settings.onUnknown === 'reconcile' ? knownUrlOf(tenant, settings.name, move) : undefined,
  dedup_window_sec: settings.dedupWindowSec,
});
