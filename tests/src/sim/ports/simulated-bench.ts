import type { Clock, MessageBus } from '@tollgate/journal';
import { ReconnectingBus } from '../reconnecting-bus.js';
import { SimBroker } from '../sim-broker.js';
import { SimBus, type Weather } from '../sim-bus.js';
import { SimProcess } from '../sim-process.js';
import { World } from '../world.js';
import type { BusBench, Interruption } from './bus-bench.js';

const FAIR: Weather = { usualMs: 2, rareMs: 30, loseRequest: 0, loseAck: 0, late: 0, twice: 0 };
/** Longer than anybody waits in these tests. */
const SILENT: Weather = { ...FAIR, usualMs: 2_000, rareMs: 2_000 };
const STEP_MS = 10;

/** Called when a connection breaks, and when its client dials. */
interface Link {
  broken: () => void;
  dials: () => void;
}

/** The simulated broker; its time goes on by itself, as fast as the tests let it. */
export class SimulatedBench implements BusBench {
  readonly clock: Clock;
  private readonly world = new World(1, false);
  private readonly broker = new SimBroker(this.world, streamOf);
  private readonly process = new SimProcess(this.world, 'tests', { offsetMs: 0, rate: 1 });
  private readonly links = new Map<MessageBus, Link>();
  private weather = FAIR;
  private closed = false;

  constructor() {
    this.clock = this.process.clock;
    void this.timeGoesOn();
  }

  connect(): Promise<MessageBus> {
    return Promise.resolve(new SimBus(this.process, this.broker, () => this.weather));
  }

  connectForGood(): Promise<MessageBus> {
    const told = { broken: () => undefined, dials: () => undefined };
    const link = { broken: () => told.broken(), dials: () => told.dials(), restored: () => undefined };
    const bus = new ReconnectingBus(this.process, this.broker, () => this.weather, link);
    this.links.set(bus, told);
    return Promise.resolve(bus);
  }

  /** It comes back by itself after a while. */
  async interrupt(bus: MessageBus): Promise<Interruption> {
    const link = this.links.get(bus);
    if (link === undefined || !(bus instanceof ReconnectingBus)) throw new TypeError('not one that comes back');
    const next = (what: keyof Link): Promise<void> => new Promise((resolve) => (link[what] = resolve));
    const broken = next('broken');
    bus.sever();
    await broken;
    return { dials: () => next('dials'), over: () => undefined };
  }

  makeStream(name: string): Promise<string> {
    return Promise.resolve(streamOf(name));
  }

  cutBack(stream: string, keep: number): Promise<void> {
    this.broker.cutBack(stream, keep);
    return Promise.resolve();
  }

  hush(): () => void {
    this.weather = SILENT;
    return () => {
      this.weather = FAIR;
    };
  }

  sever(bus: MessageBus): Promise<void> {
    if (bus instanceof SimBus) bus.sever();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private async timeGoesOn(): Promise<void> {
    while (!this.closed) {
      await this.world.play(STEP_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const streamOf = (subject: string): string => (subject.split('.')[0] ?? '').toUpperCase();
