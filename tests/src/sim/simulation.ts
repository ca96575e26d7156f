import {
  isEnding,
  type TollgateEvent,
  agentDisabled,
  agentEnabled,
  keyCreated,
  policySet,
  secretCallId,
  toolSet,
  type Draft,
} from '@tollgate/events';
import {
  callsStream,
  decodeBatch,
  type StoredMessage,
  CONFIG_STREAM,
  configSubject,
  JOURNALS,
  journalStream,
  OWNERS_STREAM,
  type ConfigKind,
} from '@tollgate/journal';
import { createSealer, type Sealer } from '@tollgate/sealing';
import { finish } from '@tollgate/events';
import { drawScenario, type Scenario, type SimToolSettings } from './scenario.js';
import { SimBroker } from './sim-broker.js';
import type { Weather } from './sim-bus.js';
import { SimGateway, TENANT } from './sim-gateway.js';
import { SimProcess } from './sim-process.js';
import { SimStage, STAGES, type StageName } from './sim-stage.js';
import { SimTools } from './sim-tools.js';
import { World } from './world.js';

const FAIR: Weather = { usualMs: 1, rareMs: 3, loseRequest: 0, loseAck: 0 };
const FOUL: Weather = { usualMs: 4, rareMs: 400, loseRequest: 0.01, loseAck: 0.02 };
/** Once faults stop, every call must have ended within so long: progress is a guarantee too. */
const SETTLED_MS = 120_000;

/** The time at which an agent's disabling was answered, until it was enabled again; true time. */
export interface KillSwitch {
  readonly agent: string;
  readonly answeredAt: number;
  until: number;
}

/** One simulated installation, played from a seed. */
export class Simulation {
  readonly world: World;
  readonly scenario: Scenario;
  readonly broker: SimBroker;
  readonly tools: SimTools;
  readonly gateways: SimGateway[] = [];
  readonly killSwitches: KillSwitch[] = [];
  private readonly sealer: Sealer = createSealer({ keys: [{ id: 'k', key: Buffer.alloc(32) }], mode: 'off' });
  private stages: SimStage[] = [];
  private weather: Weather = FOUL;
  private births = 0;

  constructor(seed: number, tracing: boolean) {
    this.world = new World(seed, tracing);
    this.scenario = drawScenario(this.world.random);
    this.broker = new SimBroker(this.world, streamOf);
    this.tools = new SimTools(this.world);
    this.broker.onStored = (stream, message) => {
      this.stored(stream, message);
    };
  }

  /** Plays the chaos, then lets everything come to rest. */
  async play(): Promise<void> {
    this.configure();
    for (const name of STAGES) for (let copy = 0; copy < this.scenario.copies; copy++) this.start(name);
    for (let i = 0; i < 2; i++) this.gateways.push(this.newGateway());
    this.planCalls();
    this.planFaults();
    this.planChanges();
    await this.world.play(this.scenario.chaosMs);
    this.calm();
    await this.world.play(SETTLED_MS, () => this.isSettled());
  }

  get calls() {
    return this.gateways.flatMap((gateway) => [...gateway.calls.values()]);
  }

  /** Calls that have ended, by the journals. */
  readonly ended = new Set<string>();

  private stored(stream: string, message: StoredMessage): void {
    if (!JOURNALS.some((journal) => journalStream(journal, 0) === stream)) return;
    for (const event of decodeBatch(message.data).events) {
      if (isEnding(event)) this.ended.add(event.data.call.callId);
      if (!HOSTS_OWN.includes(event.type)) this.world.note(stream, `${event.type} ${callIdOf(event)}`);
      else if (event.type === 'owner-changed') this.world.note(stream, `owner-changed: ${event.data.owner}`);
    }
  }

  private isSettled(): boolean {
    return this.calls.every(({ callId, put }) => put === 'refused' || this.ended.has(callId));
  }

  private configure(): void {
    const at = Math.floor(this.world.now);
    const { tools, agents } = this.scenario;
    const key = { id: 'key', hash: 'h', preview: '', name: null, role: 'admin' as const, agents: [], createdAt: at };
    this.put('key', 'key', keyCreated.draft(TENANT, { by: '-', key: { ...key, expiresAt: null } }));
    for (const tool of tools)
      this.put('tool', tool.name, toolSet.draft(TENANT, { by: '-', tool: this.toolOf(tool, at) }));
    for (const agent of agents)
      this.put('policy', agent, policySet.draft(TENANT, { by: '-', policy: this.policyOf(agent, at) }));
  }

  private policyOf(agent: string, at: number) {
    const { maxActionsPerHour, maxSpendPerDay, maxCallsPerTool, price, tools } = this.scenario;
    return {
      agent,
      version: 1,
      updatedAt: at,
      pricingRules: tools.map(({ name }) => ({ tool: name, price })),
      ...(maxActionsPerHour === undefined ? {} : { maxActionsPerHour }),
      ...(maxSpendPerDay === undefined ? {} : { maxSpendPerDay }),
      ...(maxCallsPerTool === undefined
        ? {}
        : { maxCallsPerTool: tools.map(({ name }) => ({ tool: name, calls: maxCallsPerTool })) }),
    };
  }

  private toolOf({ name, onUnknown, maxRetries, timeoutMs, dedupWindowSec }: SimToolSettings, at: number) {
    return {
      name,
      scope: 'global',
      url: `http://${name}.test/`,
      secret: this.sealer.seal('secret', { tenant: TENANT, callId: secretCallId(name) }),
      secretId: 's',
      secretMask: '***',
      timeoutMs,
      maxRetries,
      enabled: true,
      onUnknown,
      dedupWindowSec,
      runIdIsArgument: false,
      serverErrorIs: 'failed' as const,
      createdAt: at,
      updatedAt: at,
    };
  }

  private put(kind: ConfigKind, id: string, change: Draft): number {
    const body = JSON.stringify(finish(change, 0, Math.floor(this.world.now)));
    return this.broker.store(configSubject(TENANT, kind, id), new TextEncoder().encode(body), {});
  }

  private newProcess(name: string): SimProcess {
    const { random } = this.world;
    const skew = { offsetMs: random.int(-400, 400), rate: 1 + (random.next() - 0.5) * 0.002 };
    return new SimProcess(this.world, `${name}-${++this.births}`, skew);
  }

  private start(name: StageName): void {
    const process = this.newProcess(name);
    this.world.note(process.name, 'starts');
    const { broker, tools, sealer } = this;
    this.stages.push(
      new SimStage(name, process, { broker, tools, sealer, weather: () => this.weather, partitions: 1 }),
    );
  }

  private newGateway(): SimGateway {
    const { waitLimitMs } = this.scenario;
    return new SimGateway(this.newProcess('gateway'), this.broker, this.sealer, waitLimitMs, () => this.weather);
  }

  private planCalls(): void {
    const { random } = this.world;
    const { calls, chaosMs, agents, tools, args } = this.scenario;
    for (let i = 1; i <= calls; i++) {
      this.world.after(random.next() * chaosMs, () => {
        const tool = random.pick(tools).name;
        void random.pick(this.gateways).call(`call-${i}`, random.pick(agents), tool, random.pick(args));
      });
    }
  }

  private planFaults(): void {
    const { random } = this.world;
    for (let i = 0; i < this.scenario.faults; i++)
      this.world.after(random.next() * this.scenario.chaosMs, () => this.fault());
  }

  private fault(): void {
    const { random } = this.world;
    const stage = random.pick(this.stages);
    switch (random.int(0, 3)) {
      case 0:
      case 1:
        this.killAndReplace(stage);
        break;
      case 2:
        stage.process.pause(random.delay(1_500, 12_000));
        break;
      default:
        this.world.note(stage.process.name, 'is cut off from the bus');
        stage.sever();
    }
  }

  private killAndReplace(stage: SimStage): void {
    stage.process.kill();
    this.stages = this.stages.filter((one) => one !== stage);
    this.world.after(this.world.random.delay(300, 4_000), () => {
      this.start(stage.name);
    });
  }

  private planChanges(): void {
    const { random } = this.world;
    for (let i = 0; i < this.scenario.changes; i++) {
      this.world.after(
        random.next() * this.scenario.chaosMs,
        () => void this.disableForAWhile(random.pick(this.scenario.agents)),
      );
    }
  }

  private async disableForAWhile(agent: string): Promise<void> {
    const at = Math.floor(this.world.now);
    const seq = this.put('agent', agent, agentDisabled.draft(TENANT, { by: 'key', agent, reason: null, at }));
    this.world.note('operator', `disables ${agent}`);
    const answered = await this.world.random.pick(this.gateways).inForce('dispatch', seq, agent, 5_000);
    if (answered !== undefined && this.isLastWord(agent, seq)) {
      this.world.note('operator', `is told that ${agent} is disabled`);
      this.killSwitches.push({ agent, answeredAt: this.world.now, until: Infinity });
    }
    this.world.after(this.world.random.delay(500, 3_000), () => {
      // Whoever enables the agent ends every disabling before.
      for (const one of this.killSwitches) if (one.agent === agent) one.until = Math.min(one.until, this.world.now);
      this.put('agent', agent, agentEnabled.draft(TENANT, { by: 'key', agent }));
      this.world.note('operator', `enables ${agent}`);
    });
  }

  /** Nobody has enabled the agent while this disabling was waiting for its answer. */
  private isLastWord(agent: string, seq: number): boolean {
    return this.broker.lastOf(CONFIG_STREAM, configSubject(TENANT, 'agent', agent))?.seq === seq;
  }

  /** Faults stop: the weather is fair, tools answer, and nobody else dies. */
  private calm(): void {
    this.world.note('-', 'faults stop');
    this.weather = FAIR;
    this.tools.calm = true;
  }
}

const HOSTS_OWN: readonly string[] = ['owner-changed', 'config-applied'];

function callIdOf({ data }: TollgateEvent): string {
  const { call, callId } = data as { call?: { callId: string }; callId?: string };
  return call?.callId ?? callId ?? '';
}

function streamOf(subject: string): string {
  const [, kind, one, other] = subject.split('.');
  if (kind === 'config') return CONFIG_STREAM;
  if (kind === 'owners') return OWNERS_STREAM;
  if (kind === 'calls') return callsStream(Number(one));
  const journal = JOURNALS.find((name) => name === one);
  if (kind !== 'journal' || journal === undefined) throw new RangeError(`no stream takes ${subject}`);
  return journalStream(journal, Number(other));
}
