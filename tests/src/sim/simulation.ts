import { isEnding, partitionOf, type Plans, type TollgateEvent } from '@tollgate/events';
import {
  callsStream,
  CONFIG_STREAM,
  DECISIONS_STREAM,
  JOURNALS,
  journalStream,
  OWNERS_STREAM,
  SNAPSHOTS_STREAM,
  type StoredMessage,
} from '@tollgate/journal';
import { createSealer, type Sealer } from '@tollgate/sealing';
import type { Action, POINTS } from './action.js';
import { Chaos } from './chaos.js';
import { violations } from './checks/index.js';
import { poisonIsParked } from './checks/poison.js';
import { JournalRecord } from './journal-record.js';
import { drawPlan } from './plan.js';
import { DAY_MS, drawScenario, withQuestions, type Scenario } from './scenario.js';
import { KeptUpRecord } from './kept-up-record.js';
import { isProjected } from './projection-checks.js';
import { SimAdministrators } from './sim-administrators.js';
import { SimOperators } from './sim-operators.js';
import { SimAudit, type AuditAround } from './sim-audit.js';
import { SimBroker } from './sim-broker.js';
import type { Weather } from './sim-bus.js';
import { SimClients } from './sim-clients.js';
import { SimConfig } from './sim-config.js';
import { SimGateway, type ClientCall } from './sim-gateway.js';
import { plansOf } from './sim-plans.js';
import { SimPostgres } from './sim-postgres.js';
import { SimProcess } from './sim-process.js';
import { SimRedis } from './sim-redis.js';
import { SimStage, STAGES, type StageName } from './sim-stage.js';
import { SimTools } from './sim-tools.js';
import { SimWorkers } from './sim-workers.js';
import { drawWork, withCredits } from './work-plan.js';
import { World } from './world.js';

const FAIR: Weather = { usualMs: 1, rareMs: 3, loseRequest: 0, loseAck: 0, late: 0, twice: 0 };
/** Once faults stop, everything must have come to its end within so long: progress is a guarantee too. */
const SETTLED_MS = 120_000;
const MONTH_MS = 31 * DAY_MS;
/** After days have passed, for so long. */
const AGE_MS = 10_000;
const OFTEN_MS = 3_000;
const SELDOM_MS = 600_000;
/** By then whatever the network held up, or stores again, has arrived. */
const LATEST_MS = 15_000;
const AGAIN_MS = 5_000;
/** Within so long everything that a month has ended must be seen to have. */
const AFTER_MONTH_MS = 15_000;
/** By then an owner whose clock is off has noticed, or lost its connection: a heartbeat, its ack, and a look at its stamp. */
const MOST_OFF_MS = 9_000;
/** Off by more than this, an owner gives up, where messages take no time. */
const MEASURED_MS = 1_200;
/** Every copy of a stage has tried to own by then, and every projection to go on. */
const NOTICED_MS = 40_000;
/** How often it is looked whether everything has. */
const LOOK_MS = 250;
const GATEWAYS = 2;

export interface Setting {
  readonly scenario: Scenario;
  readonly actions: readonly Action[];
}

/** What a seed stands for. */
export function settingOf(seed: number): Setting {
  const world = new World(seed, false);
  const random = world.chanceOf('plan');
  const scenario = drawScenario(random);
  const actions = drawPlan(random, scenario);
  const apart = world.chanceOf('work');
  const work = drawWork(apart, scenario, actions);
  const asked = withQuestions(world.chanceOf('questions'), scenario);
  return { scenario: withCredits(apart, asked, work), actions: [...actions, ...work] };
}

/** One simulated installation, played from a seed. */
export class Simulation {
  readonly world: World;
  readonly scenario: Scenario;
  readonly broker: SimBroker;
  readonly tools: SimTools;
  readonly record: JournalRecord;
  readonly redis: SimRedis;
  readonly postgres: SimPostgres;
  readonly auditAround: AuditAround;
  /** Those that serve clients now, by place. */
  readonly gateways: SimGateway[] = [];
  audits: SimAudit[] = [];
  readonly everyGateway: SimGateway[] = [];
  readonly clients: SimClients;
  readonly workers: SimWorkers;
  readonly administrators: SimAdministrators;
  private readonly operators = new SimOperators(this);
  private readonly plans: Plans;
  stages: SimStage[] = [];
  readonly chaos: Chaos;
  private readonly sealer: Sealer = createSealer({ keys: [{ id: 'k', key: Buffer.alloc(32) }], mode: 'off' });
  /** Journals that were appended to by owners who should have known that their clocks are off. */
  readonly wrongClocks: string[] = [];
  private weather: Weather;
  private readonly births = new Map<string, number>();
  private readonly owners = new Map<string, string>();
  private readonly ended = new Set<string>();
  private parked = 0;
  private readonly answeredCommands = new Set<string>();
  /** Jobs that the server runs: their leases. */
  private readonly running = new Set<string>();
  private readonly answeredWords = new Set<string>();

  constructor(seed: number, { scenario, actions }: Setting, tracing: boolean) {
    this.world = new World(seed, tracing);
    this.scenario = scenario;
    this.weather = scenario.weather;
    this.broker = new SimBroker(this.world, streamOf);
    this.tools = new SimTools(this.world, scenario.mood);
    this.redis = new SimRedis(this.world);
    this.postgres = new SimPostgres(this.world);
    const { broker, redis, postgres } = this;
    const { partitions } = scenario;
    const purgeEveryMs = scenario.ages.length > 0 ? OFTEN_MS : SELDOM_MS;
    const around = { weather: () => this.weather, now: () => this.world.now };
    this.auditAround = { broker, redis, postgres, partitions, purgeEveryMs, ...around };
    this.record = new JournalRecord(scenario.partitions);
    this.clients = new SimClients(this.world, (place) => this.gatewayAt(place));
    this.workers = new SimWorkers(this.world, (place) => this.gatewayAt(place));
    this.administrators = new SimAdministrators(this.world, scenario, (place) => this.gatewayAt(place));
    this.plans = plansOf(scenario);
    this.chaos = new Chaos(this, actions);
    this.broker.onStored = (stream, message) => {
      this.stored(stream, message);
    };
  }

  /** Plays the chaos, then lets everything come to rest. */
  async play(): Promise<void> {
    new SimConfig(this.world, this.broker, this.sealer, this.scenario).setUp();
    const { focus, copies } = this.scenario;
    for (const name of STAGES) for (let copy = 0; copy < (focus.includes(name) ? copies : 1); copy++) this.start(name);
    for (let place = 0; place < GATEWAYS; place++) this.replaceGateway(place);
    for (let copy = 0; copy < this.scenario.audits; copy++) this.startAudit();
    this.chaos.begin();
    await this.world.play(this.scenario.chaosMs);
    for (const [age, days] of this.scenario.ages.entries()) {
      await this.timePasses(days * DAY_MS);
      this.chaos.begin(age);
      await this.world.play(AGE_MS);
    }
    this.chaos.end();
    this.calm();
    const until = this.world.now + SETTLED_MS + this.chaos.aheadMs;
    while (!this.rests() && this.world.now < until && !this.world.isStuck) await this.world.play(LOOK_MS);
    if (!this.scenario.month) return;
    await this.timePasses(MONTH_MS);
    await this.world.play(AFTER_MONTH_MS);
  }

  private async timePasses(ms: number): Promise<void> {
    // What is still on its way does not take days.
    await this.world.play(this.scenario.weather.late > 0 ? LATEST_MS : AGAIN_MS);
    this.world.note('-', `${ms / DAY_MS} days pass`);
    this.world.skip(ms);
    for (const process of this.processes) process.clockIsRight();
  }

  private get processes(): SimProcess[] {
    return [...this.stages, ...this.gateways, ...this.audits].map(({ process }) => process);
  }

  /** One whose clock is right is enough: the others must not keep it from owning. */
  private mayStayOff(process: SimProcess): boolean {
    const stage = this.stages.find((one) => one.process === process);
    const others = this.stages.filter((one) => one !== stage && one.name === stage?.name && one.process.alive);
    return process.offForMs > 0 && others.some((other) => other.process.offForMs === 0);
  }

  get calls(): ClientCall[] {
    return this.everyGateway.flatMap((gateway) => [...gateway.calls.values()]);
  }

  partitionOf(tenant: string): number {
    return partitionOf(tenant, this.scenario.partitions);
  }

  start(name: StageName): void {
    const process = this.newProcess(name);
    this.world.note(process.name, 'starts');
    const { broker, tools, sealer, scenario, chaos } = this;
    const { partitions, callDeadlineMs, batchSize, keepingTimes } = scenario;
    const stage = new SimStage(name, process, {
      broker,
      tools,
      sealer,
      partitions,
      callDeadlineMs,
      batchSize,
      keepingTimes,
      poison: chaos.poison,
      plans: this.plans,
      weather: () => this.weather,
      passes: (of, point) => this.chaos.passed(of, point),
    });
    this.stages.push(stage);
  }

  /** What a client asked the one before is not asked again. */
  replaceGateway(place: number): void {
    const { broker, redis, postgres, record, sealer, scenario } = this;
    const { waitLimitMs, callDeadlineMs, partitions, audits } = scenario;
    const stores = { broker, redis, recordOf: (process: SimProcess) => kept.recordOf(process) };
    const kept = audits > 0 ? postgres : new KeptUpRecord(record, broker, partitions);
    const limits = { waitLimitMs, callDeadlineMs, partitions, plans: this.plans };
    const gateway = new SimGateway(this.newProcess('gateway'), {
      ...stores,
      ...limits,
      sealer,
      weather: () => this.weather,
    });
    this.gateways[place] = gateway;
    this.everyGateway.push(gateway);
  }

  private gatewayAt(place: number): SimGateway {
    const gateway = this.gateways[place];
    if (gateway === undefined) throw new RangeError('no such gateway');
    return gateway;
  }

  startAudit(): void {
    this.audits.push(new SimAudit(this.newProcess('audit'), this.auditAround));
  }

  ownerOf(name: StageName, partition: number): SimStage | undefined {
    const owner = this.owners.get(journalStream(name, partition));
    return this.stages.find(({ process }) => process.alive && process.name === owner);
  }

  private stored(stream: string, message: StoredMessage): void {
    const { poison } = this.chaos;
    for (const [index, { journal, partition, event }] of this.record.stored(stream, message).entries()) {
      poison.stored(stream, message.seq, index, event);
      if (isEnding(event)) this.ended.add(event.data.call.callId);
      if (event.type === 'resolution-answered') this.answeredWords.add(event.data.commandId);
      if (event.type === 'input-parked') {
        this.parked += 1;
        this.operators.parked(journal, event);
      }
      if (journal === 'lease') this.heard(event);
      if (event.type === 'owner-changed') {
        this.owners.set(stream, event.data.owner);
        this.world.note(stream, `owner-changed: ${event.data.owner}`);
      } else if (event.type !== 'config-applied') this.world.note(stream, `${event.type} ${callIdOf(event)}`);
      const owner = this.ownerOf(journal, partition);
      if (owner !== undefined && this.shouldKnowThatItIsOff(owner)) this.wrongClocks.push(`${journal} ${partition}`);
      if (owner !== undefined)
        void this.chaos.passed(owner, `${journal}.${'stored' satisfies (typeof POINTS)[number]}`);
    }
  }

  /** Where something was lost, some things never end: by then everybody has noticed, or everything has ended after all. */
  private rests(): boolean {
    if (this.chaos.cutBacks.length === 0) return this.isSettled();
    return this.world.elapsed > this.scenario.chaosMs + NOTICED_MS && violations(this).length === 0;
  }

  private isSettled(): boolean {
    return (
      this.calls.every(({ callId, put }) => put !== 'accepted' || this.ended.has(callId)) &&
      this.clients.areQuiet &&
      this.workers.areQuiet &&
      this.administrators.areQuiet &&
      this.workIsOver() &&
      [...this.record.words.keys()].every((commandId) => this.answeredWords.has(commandId)) &&
      this.parked >= this.chaos.garbage.length + this.chaos.poison.found.length &&
      this.everyGateway.every(({ isQuiet }) => isQuiet) &&
      (this.audits.length === 0 || isProjected(this.auditAround)) &&
      // What an operator has said of a parked end has reached whoever holds something for it.
      poisonIsParked(this).length === 0
    );
  }

  private heard({ type, data }: TollgateEvent): void {
    if ('reply' in data && data.reply !== undefined) this.answeredCommands.add(data.reply.commandId);
    if (!('task' in data) || data.task.job === undefined) return;
    const { leaseId } = data.task;
    if (type === 'task-acquired') this.running.add(leaseId);
    if (type === 'task-completed' || type === 'task-failed' || type === 'task-canceled') this.running.delete(leaseId);
  }

  /** Every command is answered, every job has ended, and so has every call of one. */
  private workIsOver(): boolean {
    const { commands, actionsPut } = this.record;
    return (
      this.running.size === 0 &&
      [...commands.keys()].every((commandId) => this.answeredCommands.has(commandId)) &&
      [...actionsPut.keys()].every((callId) => this.ended.has(callId))
    );
  }

  /** What it measures is off by at most as long as a message takes. */
  private shouldKnowThatItIsOff({ process }: SimStage): boolean {
    const { late, rareMs } = this.scenario.weather;
    return process.offForMs > MOST_OFF_MS && process.offMs > MEASURED_MS + rareMs && late === 0;
  }

  private newProcess(name: string): SimProcess {
    const { offMs, drift } = this.scenario.clocks;
    const born = (this.births.get(name) ?? 0) + 1;
    this.births.set(name, born);
    const chance = this.world.chanceOf(`clock of ${name}-${born}`);
    const skew = { offsetMs: chance.int(-offMs, offMs), rate: 1 + (chance.next() * 2 - 1) * drift };
    const process = new SimProcess(this.world, `${name}-${born}`, skew);
    // A machine that starts days later, or once faults have stopped, has not drifted since the beginning of time.
    if (this.tools.calm || this.world.elapsed > DAY_MS / 4) process.clockIsRight();
    return process;
  }

  /** Faults stop: the weather is fair, tools answer, clocks are set, and nobody else dies. */
  private calm(): void {
    this.world.note('-', 'faults stop');
    this.weather = FAIR;
    this.tools.calm = true;
    for (const store of [this.redis, this.postgres]) store.recover();
    // The last wipe comes when nothing else may come any more: it must be noticed all the same.
    if (this.chaos.wipesRedis) this.redis.flushAll();
    const set = this.processes.filter((process) => !this.mayStayOff(process));
    for (const process of set) process.clockIsRight();
  }
}

function callIdOf({ data }: TollgateEvent): string {
  const { call, callId } = data as { call?: { callId: string }; callId?: string };
  return call?.callId ?? callId ?? '';
}

const streams = new Map<string, string>();

function streamOf(subject: string): string {
  const known = streams.get(subject);
  if (known !== undefined) return known;
  const stream = findStream(subject);
  streams.set(subject, stream);
  return stream;
}

function findStream(subject: string): string {
  const [, kind, one, other] = subject.split('.');
  if (kind === 'config') return CONFIG_STREAM;
  if (kind === 'owners') return OWNERS_STREAM;
  if (kind === 'snapshots') return SNAPSHOTS_STREAM;
  if (kind === 'v1') return DECISIONS_STREAM;
  if (kind === 'calls') return callsStream(Number(one));
  const journal = JOURNALS.find((name) => name === one);
  if (kind !== 'journal' || journal === undefined) throw new RangeError(`no stream takes ${subject}`);
  return journalStream(journal, Number(other));
}
