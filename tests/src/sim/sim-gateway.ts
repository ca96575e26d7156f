import { resolutionRequested } from '@tollgate/events';
import { BusError, ConfigReader } from '@tollgate/journal';
import {
  BusLink,
  ContractError,
  CurrentConfig,
  gatewayCore,
  TenantHashKeys,
  type CallAnswer,
  type Caller,
  type GatewayCore,
} from '@tollgate/gateway';
import type { JournalName } from '@tollgate/events';
import type { Sealer } from '@tollgate/sealing';
import { ReconnectingBus } from './reconnecting-bus.js';
import { silent } from './silent.js';
import type { Weather } from './sim-bus.js';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';
import type { SimRedis } from './sim-redis.js';

/** What a client asks for. */
export interface CallWish {
  readonly callId: string;
  readonly tenant: string;
  readonly agent: string;
  readonly tool: string;
  readonly args: string;
  readonly keyId: string;
}

/** `accepted`: CALLS acknowledged it; `unsure`: it may be in CALLS; `refused`: it is not. */
type Put = 'pending' | 'accepted' | 'unsure' | 'refused';

/** What a client was told in the end. */
export type Told = { readonly answer: CallAnswer } | { readonly refusal: ContractError; readonly early: boolean };

/** A call as its client made it, and what became of it as far as the client knows. */
export interface ClientCall extends CallWish {
  /** The word that the client calls it by: its run. */
  readonly runId: string;
  /** By the gateway's clock; nobody is told `in_progress` before. */
  readonly waitUntil: number;
  put: Put;
  told: Told | undefined;
}

/** An operator's word about a call in doubt. */
export interface OperatorsWord {
  readonly commandId: string;
  readonly callId: string;
  put: Put;
}

export interface GatewayAround {
  readonly broker: SimBroker;
  readonly redis: SimRedis;
  readonly sealer: Sealer;
  readonly waitLimitMs: number;
  readonly callDeadlineMs: number;
  readonly partitions: number;
  readonly weather: () => Weather;
}

/** Deriving keys takes longer than all of a run. */
const HASH_KEYS = new TenantHashKeys([{ id: 'k', key: Buffer.alloc(32, 1) }]);
const START_AGAIN_MS = 500;
/** Of clients: they ask not to wait. */
const ASYNC = 0.05;

/** A gateway in a simulated process: everything of the product's that is behind HTTP, and its clients. */
export class SimGateway {
  readonly calls = new Map<string, ClientCall>();
  readonly words: OperatorsWord[] = [];
  private core: GatewayCore | undefined;
  private waiting = 0;
  private readonly bus: ReconnectingBus;
  private readonly link: BusLink;
  /** The next name that the gateway gives: so that traces call a call what its client calls it. */
  private nextName: string | undefined;

  constructor(
    readonly process: SimProcess,
    private readonly around: GatewayAround,
  ) {
    this.link = new BusLink(process.clock);
    this.bus = new ReconnectingBus(process, around.broker, around.weather, this.link);
    void this.start();
  }

  /** The network between this process and the broker breaks; the gateway connects again by itself. */
  sever(): void {
    this.bus.sever();
  }

  /** Nobody waits here for an answer that may still come. */
  get isQuiet(): boolean {
    return !this.process.alive || this.waiting === 0;
  }

  async call(wish: CallWish): Promise<void> {
    const { tenant, agent, tool, args, keyId } = wish;
    const made: ClientCall = {
      ...wish,
      callId: `call_${wish.callId.replace('call-', '')}`,
      runId: wish.callId,
      waitUntil: this.process.clock.now() + this.around.waitLimitMs,
      put: 'pending',
      told: undefined,
    };
    this.calls.set(made.callId, made);
    this.process.world.note(this.process.name, `${made.callId} asks: ${tenant} ${agent} ${tool}(${args})`);
    // Nobody listens.
    if (this.core === undefined || !this.process.alive) {
      made.put = 'refused';
      return;
    }
    this.waiting += 1;
    try {
      await this.governed(this.core, made, { tenant, keyId: `${tenant} ${keyId}`, role: 'admin', agents: [] });
    } catch (error) {
      this.refused(made, error);
    } finally {
      this.waiting -= 1;
    }
  }

  private async governed({ calls }: GatewayCore, made: ClientCall, caller: Caller): Promise<void> {
    const respondAsync = this.process.random.chance(ASYNC);
    const sent = { agent_id: made.agent, tool: made.tool, args: { args: made.args }, run_id: made.runId };
    this.nextName = made.runId.replace('call-', '');
    const accepting = calls.accept({ caller, sent, respondAsync });
    this.nextName = undefined;
    const accepted = await accepting;
    made.put = 'accepted';
    const answer = respondAsync ? await accepted.within(1_000) : await accepted.answer();
    if (answer !== undefined) made.told = { answer };
  }

  private refused(made: ClientCall, error: unknown): void {
    if (!(error instanceof ContractError)) throw error;
    const { error: code, call_id: callId } = error.detail as { error?: string; call_id?: string };
    if (made.put === 'pending') made.put = error.status === 503 && callId !== undefined ? 'unsure' : 'refused';
    const early = code === 'in_progress' && this.process.clock.now() < made.waitUntil;
    made.told = { refusal: error, early };
  }

  async resolve(tenant: string, callId: string, outcome: 'executed' | 'failed'): Promise<void> {
    const word: OperatorsWord = { commandId: this.process.clock.newName(), callId, put: 'pending' };
    this.words.push(word);
    this.process.world.note(this.process.name, `an operator says that ${callId} was ${outcome}`);
    const { commandId } = word;
    const data = { commandId, callId, outcome, keyId: `${tenant} key`, gateway: this.process.name };
    const putting = this.core?.inbox.put('dispatcher', callId, commandId, resolutionRequested.draft(tenant, data));
    word.put = putting === undefined ? 'refused' : await putting.then(() => 'accepted' as const, putOf);
  }

  /** When the stage said that CONFIG is in force up to `seq`; undefined when it did not say in time. */
  async inForce(stage: JournalName, tenant: string, seq: number): Promise<number | undefined> {
    return (await this.core?.inForce.from(tenant, seq, { stages: [stage] }).catch(orThrow))?.get(stage);
  }

  /** When the agent was disabled, by the dispatcher; undefined when that is not confirmed. */
  async disable(tenant: string, agent: string): Promise<number | undefined> {
    return this.core?.killSwitch.disable({ tenant, keyId: `${tenant} key` }, agent, null).catch(orThrow);
  }

  private async start(): Promise<void> {
    const { process, bus, link, around } = this;
    const { redis, sealer, waitLimitMs, callDeadlineMs, partitions } = around;
    const reader = await this.readConfig();
    const newName = (): string => this.nextName ?? process.clock.newName();
    this.core = gatewayCore({
      gateway: process.name,
      bus,
      link,
      config: new CurrentConfig(reader, link),
      redis: redis.portOf(process),
      sealer,
      hashKeys: HASH_KEYS,
      clock: { ...process.clock, newName },
      logger: silent,
      limits: { partitions, waitLimitMs, callDeadlineMs, maxInFlight: 1_000, maxInFlightPerTenant: 500 },
    });
  }

  /** A gateway that does not find its broker ends, and is started again. */
  private async readConfig(): Promise<ConfigReader> {
    for (;;) {
      try {
        return await ConfigReader.open(this.bus, undefined, undefined, this.process.clock);
      } catch {
        await new Promise<void>((resolve) => this.process.after(START_AGAIN_MS, resolve));
      }
    }
  }
}

function putOf(error: unknown): Put {
  if (!(error instanceof ContractError)) throw error;
  return (error.detail as { call_id?: string }).call_id === undefined ? 'refused' : 'unsure';
}

/** What is answered 503: it is not known whether the change is in force. */
function orThrow(error: unknown): undefined {
  if (!(error instanceof ContractError || error instanceof BusError)) throw error;
  return undefined;
}
