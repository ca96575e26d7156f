import { trace } from '@opentelemetry/api';
import { BudgetController, budgetStage, capLooks } from '@tollgate/budget';
import { DispatchController, Dispatching, dispatchStage } from '@tollgate/dispatcher';
import type { Plans } from '@tollgate/events';
import { LeaseController, leaseEffects, leaseStage } from '@tollgate/lease';
import { PolicyController, policyStage } from '@tollgate/policy';
import type { Logger } from '@tollgate/runtime';
import type { Sealer } from '@tollgate/sealing';
import {
  answersOf,
  decisionsOf,
  StageRunner,
  type KeepingTimes,
  type StageDefinition,
  type StageEffects,
  type StageObserver,
} from '@tollgate/stage';
import type { MessageBus } from '@tollgate/journal';
import type { Poison } from './poison.js';
import { ReconnectingBus } from './reconnecting-bus.js';
import { SimBus, type Weather } from './sim-bus.js';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';
import type { SimTools } from './sim-tools.js';
import { perhapsSlow } from './slow-config.js';

export const STAGES = ['policy', 'lease', 'budget', 'dispatch'] as const;
export type StageName = (typeof STAGES)[number];

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

const unmeasured: StageObserver = {
  decided: () => undefined,
  answered: () => undefined,
  latency: () => undefined,
  appended: () => undefined,
  tookOver: () => undefined,
  lag: () => undefined,
};

export interface Surroundings {
  readonly broker: SimBroker;
  readonly tools: SimTools;
  readonly sealer: Sealer;
  readonly weather: () => Weather;
  readonly partitions: number;
  readonly callDeadlineMs: number;
  readonly batchSize: number;
  readonly keepingTimes: KeepingTimes;
  readonly poison: Poison;
  readonly plans: Plans;
  /** A process comes by a point between two of its effects. */
  readonly passes: (stage: SimStage, point: string) => Promise<void> | undefined;
}

/** Bounds that few calls reach already. */
export const LIMITS = { perTool: 2, perTenant: 3 };

/** One stage of the product in a simulated process: the real decisions, effects and host; only its ports are ours. */
export class SimStage {
  readonly runners: readonly StageRunner<never>[];
  private readonly connections: (SimBus | ReconnectingBus)[] = [];

  constructor(
    readonly name: StageName,
    readonly process: SimProcess,
    private readonly around: Surroundings,
  ) {
    const { definition, controller, effects } = this.parts();
    this.runners = Array.from(
      { length: around.partitions },
      (_, partition) =>
        new StageRunner({
          definition,
          effects,
          decide: around.poison.decisions(name, decisionsOf(controller)),
          answer: answersOf(controller),
          partition,
          instance: process.name,
          connect: () => Promise.resolve(this.connect()),
          clock: process.clock,
          observer: unmeasured,
          tracer: trace.getTracer('sim'),
          log: silent,
          batchSize: around.batchSize,
          sealer: around.sealer,
          keepingTimes: around.keepingTimes,
          fault: (point) => around.passes(this, point),
        }),
    );
    for (const runner of this.runners) runner.start();
  }

  /** The network between this process and the broker breaks. */
  sever(): void {
    for (const connection of this.connections) connection.sever();
  }

  owns(partition: number): boolean {
    return this.process.alive && this.runners[partition]?.owns === true;
  }

  /** A clean end, as by SIGTERM. */
  async shutDown(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  private connect(): MessageBus {
    const { broker, weather, poison } = this.around;
    const connection = new SimBus(this.process, broker, weather, (stream, message) =>
      poison.seenBy(this.name, stream, message),
    );
    this.connections.push(connection);
    return perhapsSlow(connection, this.process);
  }

  /** Each stage has a state of its own, which only the stage itself looks into. */
  private parts(): { definition: StageDefinition<never>; controller: object; effects: StageEffects<never> } {
    const { clock } = this.process;
    switch (this.name) {
      case 'policy': {
        const controller = new PolicyController({ callDeadlineMs: this.around.callDeadlineMs, noPolicyAdmin: 'allow' });
        return { definition: policyStage as StageDefinition<never>, controller, effects: {} };
      }
      case 'lease': {
        const definition = leaseStage as StageDefinition<never>;
        return { definition, controller: new LeaseController(this.around.plans), effects: this.leaseEffects() };
      }
      case 'budget': {
        const effects = capLooks(clock) as StageEffects<never>;
        return { definition: budgetStage as StageDefinition<never>, controller: new BudgetController(), effects };
      }
      case 'dispatch': {
        const dispatching = this.dispatching();
        const definition = dispatchStage as StageDefinition<never>;
        const controller = new DispatchController(dispatching);
        return { definition, controller, effects: dispatching as StageEffects<never> };
      }
    }
  }

  /** For what outlives any ownership: comes back by itself. */
  private connectForGood(): MessageBus {
    const connection = new ReconnectingBus(this.process, this.around.broker, this.around.weather);
    this.connections.push(connection);
    return connection;
  }

  private leaseEffects(): StageEffects<never> {
    const { callDeadlineMs } = this.around;
    const bus = this.connectForGood();
    return leaseEffects({ bus, clock: this.process.clock, log: silent, callDeadlineMs }) as StageEffects<never>;
  }

  private dispatching(): Dispatching {
    const { tools, sealer } = this.around;
    return new Dispatching({
      client: tools.portOf(this.process),
      bus: this.connectForGood(),
      sealer,
      clock: this.process.clock,
      log: silent,
      tracer: trace.getTracer('sim'),
      limits: LIMITS,
    });
  }
}
