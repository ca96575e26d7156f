import { finish, resolutionRequested } from '@tollgate/events';
import { callsStream, callsSubject, encodeWord, journalStream, ownerSubject } from '@tollgate/journal';
import type { Action, When, Whom } from './action.js';
import { Poison } from './poison.js';
import type { Simulation } from './simulation.js';
import { trouble } from './store-chaos.js';
import type { SimStage, StageName } from './sim-stage.js';

interface UnnoticedLoss {
  readonly stream: string;
  /** Its last sequence before. */
  readonly last: number;
  /** How much the journals had stored by then. */
  readonly order: number;
}

/** Does what a plan says, when it says so. */
export class Chaos {
  readonly poison = new Poison();
  /** Streams that have lost what they had acknowledged. */
  readonly cutBacks: string[] = [];
  /** Of them, those that lost their first messages. */
  readonly purged = new Set<string>();
  /** Losses under connected owners: they do not notice (rule 1 takes a broker that keeps what it acknowledged). */
  readonly unnoticed: UnnoticedLoss[] = [];
  /** Where in CALLS lies what nobody can decode. */
  readonly garbage: string[] = [];
  readonly revokedKeys = new Set<string>();
  /** Tools whose settings were changed meanwhile: `<tenant> <tool>`. */
  readonly changedTools = new Set<string>();
  readonly clocksWereSet: boolean;
  readonly wipesRedis: boolean;
  /** How far clocks were set forward at most, ms: what is journaled by them stays in the future for so long. */
  readonly aheadMs: number;
  readonly dropsPostgres: boolean;
  /** They are told to end, and may be long about it: replaced already, and still connected. */
  private readonly leaving: SimStage[] = [];
  private over = false;
  private readonly passings = new Map<string, number>();
  private readonly waiting = new Map<string, Action[]>();

  constructor(
    private readonly sim: Simulation,
    private readonly actions: readonly Action[],
  ) {
    this.dropsPostgres = actions.some(({ does }) => does === 'drop postgres');
    this.wipesRedis = actions.some(({ does }) => does === 'wipe redis');
    this.aheadMs = actions.reduce((sum, one) => sum + (one.does === 'set clock' ? Math.max(0, one.byMs) : 0), 0);
    this.clocksWereSet = actions.some(
      (action) => action.does === 'set clock' || (action.does === 'pause' && action.clock === 'set back'),
    );
  }

  /** What is planned for the beginning, or for behind the days that have passed. */
  begin(age?: number): void {
    for (const action of this.actions) {
      const { point, plusMs } = action.when;
      if (action.when.age !== age) continue;
      if (point === undefined) this.schedule(action, plusMs);
      else {
        const key = keyOf(point);
        this.waiting.set(key, [...(this.waiting.get(key) ?? []), action]);
      }
    }
  }

  /** Nothing more happens. */
  end(): void {
    this.over = true;
  }

  /** A stage comes by a point; what is planned there happens now. Resolves when the process goes on, if it does. */
  passed(stage: SimStage, point: string): Promise<void> | undefined {
    if (this.over || this.waiting.size === 0) return undefined;
    const nth = (this.passings.get(point) ?? 0) + 1;
    this.passings.set(point, nth);
    const key = `${point} ${nth}`;
    const planned = this.waiting.get(key);
    if (planned === undefined) return undefined;
    this.waiting.delete(key);
    this.sim.world.note(stage.process.name, `comes by ${point} for the ${nth}. time`);
    for (const action of planned) this.schedule(action, action.when.plusMs);
    // Whoever is paused or dead does not go on.
    return new Promise((resolve) => void stage.process.after(0, resolve));
  }

  private schedule(action: Action, ms: number): void {
    if (ms === 0) this.perform(action);
    else this.sim.world.after(ms, () => this.perform(action));
  }

  private perform(action: Action): void {
    if (this.over) return;
    const { sim } = this;
    switch (action.does) {
      case 'call':
        void sim.clients.call(action.gateway, action.wish);
        break;
      case 'work':
        void sim.workers.work(action.gateway, action.wish);
        break;
      case 'lock':
        void sim.workers.lock(action.gateway, action.wish);
        break;
      case 'reset':
        void sim.workers.reset(action.gateway, action.wish);
        break;
      case 'kill':
        this.replace(this.find(action.whom), action.downMs, (stage) => stage.process.kill());
        break;
      case 'shut down':
        this.replace(this.find(action.whom), action.downMs, (stage) => {
          sim.world.note(stage.process.name, 'is shut down');
          this.leaving.push(stage);
          void stage.shutDown().then(() => stage.process.kill());
        });
        break;
      case 'pause':
        this.find(action.whom)?.process.pause(action.forMs, action.clock);
        break;
      case 'cut off':
        this.cutOff(this.find(action.whom));
        break;
      case 'set clock':
        this.find(action.whom)?.process.setClock(action.byMs);
        break;
      case 'usurp':
        this.usurp(action.stage, action.partition);
        break;
      case 'restart broker':
        this.everybodyIsCutOff();
        break;
      case 'poison':
        sim.world.note('-', `the next ${action.wish.type} is ${action.wish.kind} to ${action.wish.reader}`);
        this.poison.wish(action.wish);
        break;
      case 'cut back':
        if (!action.connected) this.everybodyIsCutOff();
        this.cutBack(action);
        break;
      case 'disable':
        sim.administrators.disable(action.gateway, action.tenant, action.agent, action.forMs);
        break;
      case 'change tool':
        this.changeTool(action);
        break;
      case 'change policy':
        void sim.administrators.setPolicy(action.tenant, action.agent, action);
        break;
      case 'revoke key':
        this.revokedKeys.add(`${action.tenant} spare key`);
        void this.revokeKey(action);
        break;
      case 'make key':
        void sim.clients.useNewKey(action.gateway, action.wish, (keyId) => {
          if (action.lock !== undefined) void sim.workers.lock(1 - action.gateway, { ...action.lock, keyId });
        });
        break;
      case 'resolve':
        this.resolve(action);
        break;
      case 'garbage':
        sim.world.note('-', `garbage in CALLS for ${action.reader}: ${action.text}`);
        this.garbage.push(`${callsStream(action.partition)} ${this.putGarbage(action)}`);
        break;
      default:
        trouble(sim, action);
        break;
    }
  }

  private everybodyIsCutOff(): void {
    const leaving = this.leaving.filter(({ process }) => process.alive);
    for (const stage of [...this.sim.stages, ...leaving]) this.cutOff(stage);
    for (const other of [...this.sim.gateways, ...this.sim.audits]) other.sever();
  }

  private cutBack({ partition, drops, front, connected }: Extract<Action, { does: 'cut back' }>): void {
    const { broker, record, world } = this.sim;
    for (const [name, drop] of Object.entries(drops)) {
      const stream = name === 'calls' ? callsStream(partition) : journalStream(name as StageName, partition);
      const { last } = broker.range(stream);
      const keep = Math.max(0, last - drop);
      if (keep === last) continue;
      this.cutBacks.push(stream);
      if (connected) this.unnoticed.push({ stream, last, order: record.entries.length });
      if (front) {
        const before = Math.min(drop, last) + 1;
        world.note(stream, `is purged before ${before}, it ends at ${last}`);
        this.purged.add(stream);
        broker.purge(stream, before);
        continue;
      }
      world.note(stream, keep === 0 ? 'is made anew' : `loses its tail, ${keep + 1} to ${last}`);
      record.cutBack(stream, keep);
      broker.cutBack(stream, keep);
    }
  }

  private putGarbage({ partition, reader, text }: Extract<Action, { does: 'garbage' }>): number {
    return this.sim.broker.store(callsSubject(partition, reader), new TextEncoder().encode(text), {});
  }

  private find({ stage, partition, who }: Whom): SimStage | undefined {
    const { sim } = this;
    const owner = who === 'owner' ? sim.ownerOf(stage, partition) : undefined;
    return owner ?? sim.stages.find(({ name, process }) => name === stage && process.alive);
  }

  private replace(stage: SimStage | undefined, downMs: number, end: (stage: SimStage) => void): void {
    if (stage === undefined) return;
    end(stage);
    this.sim.stages = this.sim.stages.filter((one) => one !== stage);
    this.sim.world.after(downMs, () => this.sim.start(stage.name));
  }

  private cutOff(stage: SimStage | undefined): void {
    if (stage === undefined) return;
    this.sim.world.note(stage.process.name, 'is cut off from the bus');
    stage.sever();
  }

  /** OWNERS only says who should own: whatever stands there, no guarantee may hang on it (rule 1). */
  private usurp(stage: string, partition: number): void {
    this.sim.world.note('-', `somebody says in OWNERS that ${stage} has no owner`);
    const word = encodeWord({ owner: 'nobody', beat: 0, released: true });
    this.sim.broker.store(ownerSubject(stage, partition), word, {});
  }

  private changeTool({ tenant, tool, to, forMs }: Extract<Action, { does: 'change tool' }>): void {
    const { administrators, scenario } = this.sim;
    const settings = scenario.tools.find(({ name }) => name === tool);
    if (settings === undefined) return;
    this.changedTools.add(`${tenant} ${tool}`);
    void administrators.changeTool(tenant, settings, to, forMs);
  }

  /** Whoever has stolen the key goes on with it at another gateway, as soon as its revoking was answered. */
  private async revokeKey(action: Extract<Action, { does: 'revoke key' }>): Promise<void> {
    const { gateway, tenant, wish, inDoubt, lock } = action;
    const { clients, workers, world } = this.sim;
    for (let looks = 0; inDoubt === true && looks < MOST_LOOKS && this.inDoubt(tenant) === undefined; looks++) {
      await new Promise<void>((resolve) => void world.after(LOOK_MS, resolve));
    }
    await clients.revokeKey(gateway, tenant, 'spare key');
    if (lock !== undefined && !this.over) void workers.lock(1 - gateway, { ...lock, tenant, keyId: 'spare key' });
    if (wish === undefined || this.over) return;
    void clients.call(1 - gateway, { ...wish, tenant, keyId: 'spare key' });
    const callId = this.inDoubt(tenant);
    if (callId !== undefined) {
      void clients.resolve(1 - gateway, { tenant, callId, outcome: 'failed', keyId: 'spare key' });
    }
  }

  /** Operators look for a call in doubt and say how it ended, each through another gateway, at the same time. */
  private resolve({ tenant, outcomes, keyId = 'key' }: Extract<Action, { does: 'resolve' }>): void {
    const { sim } = this;
    const callId = this.inDoubt(tenant);
    const about = callId ?? sim.calls.find((call) => call.tenant === tenant)?.callId;
    if (about === undefined) return;
    outcomes.forEach((outcome, i) => void sim.clients.resolve(i, { tenant, callId: about, outcome, keyId }));
    const [outcome] = outcomes;
    if (callId === undefined && outcome !== undefined) this.strayWord(tenant, about, outcome);
  }

  private inDoubt(tenant: string): string | undefined {
    const inDoubt = new Set<string>();
    for (const { event } of this.sim.record.entries) {
      if (event.tenant !== tenant) continue;
      if (event.type === 'in-doubt') inDoubt.add(event.data.call.callId);
      if (event.type === 'resolved') inDoubt.delete(event.data.call.callId);
    }
    return [...inDoubt][0];
  }

  /** A word about a call that never was in doubt, from a gateway that did not look: it must change nothing. */
  private strayWord(tenant: string, callId: string, outcome: 'executed' | 'failed'): void {
    const { broker, world } = this.sim;
    const data = { commandId: `stray ${callId} ${world.now}`, callId, outcome, keyId: `${tenant} key`, gateway: '-' };
    const word = finish(resolutionRequested.draft(tenant, data), 0, Math.floor(world.now));
    world.note('-', `a word about ${callId}, which is not in doubt`);
    const subject = callsSubject(this.sim.partitionOf(tenant), 'dispatcher');
    broker.store(subject, new TextEncoder().encode(JSON.stringify(word)), {});
  }
}

/** How long, and how often, it is waited for a call in doubt. */
const LOOK_MS = 500;
const MOST_LOOKS = 20;

const keyOf = ({ stage, name, nth }: NonNullable<When['point']>): string => `${stage}.${name} ${nth}`;
