import type { Plans } from '@tollgate/events';
import { BusError, ConfigReader } from '@tollgate/journal';
import {
  BusLink,
  ContractError,
  CurrentConfig,
  gatewayCore,
  TenantHashKeys,
  type CallAnswer,
  type Caller,
  type CallRecord,
  type Fresh,
  type GatewayCore,
} from '@tollgate/gateway';
import type { Sealer } from '@tollgate/sealing';
import { ReconnectingBus } from './reconnecting-bus.js';
import { silent } from './silent.js';
import type { Weather } from './sim-bus.js';
import type { SimBroker } from './sim-broker.js';
import { tokenOf } from './sim-config.js';
import type { SimProcess } from './sim-process.js';
import type { SimRedis } from './sim-redis.js';
import type { AskedAbout } from './sim-workers.js';
import { perhapsSlow } from './slow-config.js';

/** What a client asks for. */
export interface CallWish {
  readonly callId: string;
  readonly tenant: string;
  readonly agent: string;
  readonly tool: string;
  readonly args: string;
  readonly keyId: string;
  /** Its idempotency key. */
  readonly idempotencyKey?: string;
  /** It prefers not to wait for the end. */
  readonly respondAsync?: boolean;
  /** How often it asks at most, until it is told. */
  readonly tries?: number;
  /** It gives up waiting after so long, and asks again. */
  readonly hangsUpMs?: number;
  /** It asks later what became of its call, until that has ended. */
  readonly looksAgain?: boolean;
}

/** `accepted`: CALLS acknowledged it; `unsure`: it may be in CALLS; `refused`: it is not. */
type Put = 'pending' | 'accepted' | 'unsure' | 'refused';

/** What a client was told in the end. */
export type Told = { readonly answer: CallAnswer } | { readonly refusal: ContractError; readonly early: boolean };

/** A call as its client made it, and what became of it as far as the client knows. */
export interface ClientCall extends CallWish {
  /** The word that the client calls it by: its run. */
  readonly runId: string;
  /** True time at which it was asked. */
  readonly askedAt: number;
  /** By the gateway's clock; nobody is told `in_progress` before. */
  waitUntil: number;
  put: Put;
  told: Told | undefined;
}

/** What a gateway answers; undefined when nobody listens there. */
export type Response<T> = T | ContractError | undefined;

/** What the lease routes and check-lock answer. */
export type TaskAnswer = Readonly<Record<string, unknown>>;

export interface GatewayAround {
  readonly broker: SimBroker;
  readonly redis: SimRedis;
  readonly recordOf: (process: SimProcess) => CallRecord;
  readonly sealer: Sealer;
  readonly waitLimitMs: number;
  readonly callDeadlineMs: number;
  readonly partitions: number;
  readonly plans: Plans;
  readonly weather: () => Weather;
}

const SEALING_KEYS = [{ id: 'k', key: Buffer.alloc(32, 1) }];
/** Deriving keys takes longer than all of a run. */
const HASH_KEYS = new TenantHashKeys(SEALING_KEYS);
const START_AGAIN_MS = 500;

/** A gateway in a simulated process: everything of the product's that is behind HTTP. */
export class SimGateway {
  readonly calls = new Map<string, ClientCall>();
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

  /** `POST /ai/run`. Resolves when it is answered; what is known of it before stands in {@link calls}. */
  async run(wish: CallWish): Promise<ClientCall> {
    const { tenant, agent, tool, args, keyId } = wish;
    const { process } = this;
    const made: ClientCall = {
      ...wish,
      callId: wish.callId.replace('call-', 'call_'),
      runId: wish.callId,
      askedAt: process.world.now,
      waitUntil: 0,
      put: 'pending',
      told: undefined,
    };
    this.calls.set(made.callId, made);
    process.world.note(process.name, `${made.callId} asks: ${tenant} ${agent} ${tool}(${args})${underKey(wish)}`);
    const told = await this.ask(tenant, keyId, 'agent', (core, caller) => this.governed(core, made, caller));
    if (told === undefined) made.put = 'refused';
    else if (told instanceof ContractError) this.refused(made, told);
    else made.told = { answer: told };
    return made;
  }

  private async governed({ runs }: GatewayCore, made: ClientCall, caller: Caller): Promise<CallAnswer> {
    const { agent, tool, args, runId, idempotencyKey, respondAsync } = made;
    const sent = { agent_id: agent, tool, args: { args }, run_id: runId };
    made.waitUntil = this.process.clock.now() + this.around.waitLimitMs;
    const prefer = respondAsync === true ? 'respond-async' : undefined;
    this.nextName = runId.replace('call-', '');
    const running = runs.run({ caller, sent, idempotencyKey, prefer }, () => {
      made.put = 'accepted';
    });
    this.nextName = undefined;
    return (await running).body;
  }

  private refused(made: ClientCall, refusal: ContractError): void {
    const { error: code, call_id: callId } = refusal.detail as { error?: string; call_id?: string };
    if (made.put === 'pending') made.put = refusal.status === 503 && callId !== undefined ? 'unsure' : 'refused';
    const early = code === 'in_progress' && this.process.clock.now() < made.waitUntil;
    made.told = { refusal, early };
  }

  /** `GET /calls/{call_id}`. */
  look(tenant: string, keyId: string, callId: string): Promise<Response<Fresh<CallAnswer>>> {
    return this.ask(tenant, keyId, 'agent', ({ calls }, caller) => calls.one(caller, callId));
  }

  /** `POST /calls/{call_id}/resolve`. */
  resolve(
    tenant: string,
    keyId: string,
    callId: string,
    outcome: 'executed' | 'failed',
  ): Promise<Response<Fresh<CallAnswer>>> {
    const word = { outcome, note: 'seen in the books' };
    return this.ask(tenant, keyId, 'admin', ({ calls }, caller) => calls.resolve(caller, callId, word));
  }

  /** What the routes of administrators do. */
  administer<T>(
    tenant: string,
    work: (core: GatewayCore, caller: Caller) => Promise<T>,
  ): Promise<Response<{ readonly done: T }>> {
    return this.ask(tenant, 'key', 'admin', async (core, caller) => ({ done: await work(core, caller) }));
  }

  /** When the agent was disabled, by the dispatcher; undefined when that is not confirmed. */
  async disable(tenant: string, agent: string): Promise<number | undefined> {
    const answer = await this.administer(tenant, ({ killSwitch }, caller) => killSwitch.disable(caller, agent, null));
    return answer instanceof ContractError ? undefined : answer?.done;
  }

  /** The lease routes, check-lock, and `POST /ai/run` with a key. */
  ofTasks(asked: AskedAbout): Promise<Response<TaskAnswer>> {
    const access = asked.ask.does === 'reset' ? 'admin' : 'agent';
    return this.ask(asked.tenant, asked.keyId, access, (core, caller) => {
      this.nextName = asked.name;
      const answer = answerOf(core, caller, asked);
      this.nextName = undefined;
      return answer;
    });
  }

  /** As the HTTP around the product does it: first the key, then the request, and foreign errors are a 503. */
  private async ask<T>(
    tenant: string,
    keyId: string,
    access: 'admin' | 'agent',
    work: (core: GatewayCore, caller: Caller) => Promise<T>,
  ): Promise<Response<T>> {
    const { core, process } = this;
    if (core === undefined || !process.alive) return undefined;
    this.waiting += 1;
    // One that is paused takes requests in when it goes on.
    await new Promise<void>((resolve) => void process.after(0, resolve));
    try {
      return await work(core, await core.authentication.callerBy(`Bearer ${tokenOf(tenant, keyId)}`, access));
    } catch (error) {
      if (error instanceof ContractError) return error;
      if (error instanceof BusError) return new ContractError(503, { error: 'unavailable', message: error.message });
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }

  private async start(): Promise<void> {
    const { process, bus, link, around } = this;
    const { redis, recordOf, sealer, waitLimitMs, callDeadlineMs, partitions, plans } = around;
    const reader = await this.readConfig();
    const newName = (): string => this.nextName ?? process.clock.newName();
    this.core = gatewayCore({
      gateway: process.name,
      bus,
      link,
      config: new CurrentConfig(reader, link),
      redis: redis.portOf(process),
      taskStore: redis.taskStoreOf(process),
      record: recordOf(process),
      sealer,
      hashKeys: HASH_KEYS,
      clock: { ...process.clock, newName },
      logger: silent,
      limits: { partitions, waitLimitMs, callDeadlineMs, sealingKeys: SEALING_KEYS, plans, ...SETTINGS },
    });
  }

  /** A gateway that does not find its broker ends, and is started again. */
  private async readConfig(): Promise<ConfigReader> {
    const bus = perhapsSlow(this.bus, this.process);
    for (;;) {
      try {
        return await ConfigReader.open(bus, undefined, undefined, this.process.clock);
      } catch {
        await new Promise<void>((resolve) => this.process.after(START_AGAIN_MS, resolve));
      }
    }
  }
}

const SETTINGS = {
  maxInFlight: 1_000,
  maxInFlightPerTenant: 500,
  duplicates: 'ok',
  lockOutage: 503,
  unknownTools: 'accept',
} as const;

const underKey = ({ idempotencyKey }: CallWish): string =>
  idempotencyKey === undefined ? '' : ` under ${idempotencyKey}`;

function answerOf({ tasks, jobs, locks }: GatewayCore, caller: Caller, asked: AskedAbout): Promise<TaskAnswer> {
  const { key, ask, idempotencyKey } = asked;
  const request = { caller, idempotencyKey };
  switch (ask.does) {
    case 'lock':
      return locks.check(request, { key, ttl: ask.ttlSec }).then((answer) => ({ ...answer }));
    case 'lease':
      return tasks.lease(request, { key, ttl: ask.ttlSec });
    case 'job': {
      const actions = (ask.actions ?? []).map(({ tool, args }) => ({ tool, args: { args } }));
      return jobs.run(request, { mode: 'key', key, ttl: ask.ttlSec, metadata: { agent_id: ask.agent, actions } });
    }
    case 'extend':
      return tasks.extend(request, { key, lease_id: ask.leaseId });
    case 'complete':
      return tasks.complete(request, { key, lease_id: ask.leaseId, result: { by: asked.name } });
    case 'fail':
      return tasks.fail(request, { key, lease_id: ask.leaseId, error_code: 'out_of_paper' });
    case 'cancel':
      return tasks.cancel(request, { key, lease_id: ask.leaseId });
    case 'reset':
      return tasks.reset(request, { key });
    case 'status':
      return tasks.status(caller, key);
  }
}
