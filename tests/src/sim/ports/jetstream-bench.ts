import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, systemClock, type MessageBus } from '@tollgate/journal';
import { startNats, type PrivateServer } from '@tollgate/infra/servers';
import type { BusBench, Interruption } from './bus-bench.js';

/** A nats-server of its own. */
export class JetStreamBench implements BusBench {
  readonly clock = systemClock;
  private readonly wires = new Map<MessageBus, Wire>();

  private constructor(
    private readonly folder: string,
    private readonly nats: PrivateServer,
    private readonly administration: Bus,
  ) {}

  static async open(): Promise<JetStreamBench> {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-bus-'));
    const nats = await startNats(join(folder, 'nats'));
    const administration = await Bus.connect(nats.url, { name: 'tests', reconnect: false });
    return new JetStreamBench(folder, nats, administration);
  }

  connect(): Promise<MessageBus> {
    return this.connected(false);
  }

  connectForGood(): Promise<MessageBus> {
    return this.connected(true);
  }

  async interrupt(bus: MessageBus): Promise<Interruption> {
    const wire = this.wires.get(bus);
    if (wire === undefined || !(bus instanceof Bus)) throw new TypeError('not a connection of this bench');
    const noticed = disconnected(bus);
    wire.is = 'down';
    wire.cut();
    await noticed;
    return {
      dials: () => wire.dialled(),
      over: () => {
        wire.opens();
      },
    };
  }

  private async connected(reconnect: boolean): Promise<MessageBus> {
    const wire = await Wire.to(this.nats.url);
    const bus = await Bus.connect(wire.url, { name: 'tests', reconnect });
    this.wires.set(bus, wire);
    void bus.closed.then(() => {
      wire.close();
    });
    return bus;
  }

  async makeStream(name: string): Promise<string> {
    const stream = name.toUpperCase();
    await this.administration.manager.streams.add({ name: stream, subjects: [`${name}.>`] });
    return stream;
  }

  /** Made anew with what it is to keep: its messages are others then, as the broker sees it. */
  async cutBack(stream: string, keep: number): Promise<void> {
    const { streams } = this.administration.manager;
    const { config } = await streams.info(stream);
    const kept: { subject: string; data: Uint8Array }[] = [];
    for (let seq = 1; seq <= keep; seq += 1) {
      const message = await streams.getMessage(stream, { seq });
      if (message !== null) kept.push({ subject: message.subject, data: message.data });
    }
    await streams.delete(stream);
    await streams.add(config);
    for (const { subject, data } of kept) await this.administration.append(subject, data);
  }

  hush(): () => void {
    const wires = [...this.wires.values()];
    for (const wire of wires) wire.hold();
    return () => {
      for (const wire of wires) wire.release();
    };
  }

  sever(bus: MessageBus): Promise<void> {
    this.wires.get(bus)?.cut();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.administration.close();
    await this.nats.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function disconnected({ connection }: Bus): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect') return;
  }
}

/** The way between one connection and the server, so that it can be cut, or held up, while both ends live. */
class Wire {
  /** Nobody gets through any more, or only as far as the door. */
  is: 'up' | 'down' | 'held' = 'up';
  private knocked: () => void = () => undefined;
  private readonly ends: Socket[] = [];
  private readonly pipes: { from: Socket; to: Socket }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(natsUrl: string): Promise<Wire> {
    const { hostname, port, username, password } = new URL(natsUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wire = new Wire(server, `nats://${username}:${password}@${at}`);
    server.on('connection', (near) => {
      if (wire.is === 'down') near.destroy();
      else wire.join(near, connectTcp(Number(port), hostname));
      wire.knocked();
    });
    return wire;
  }

  /** Resolves when somebody has come and is kept waiting. */
  dialled(): Promise<void> {
    this.is = 'held';
    return new Promise((resolve) => (this.knocked = resolve));
  }

  opens(): void {
    this.is = 'up';
    this.release();
  }

  cut(): void {
    for (const end of this.ends) end.destroy();
  }

  /** What is sent from now on arrives after `release`: neither end can tell it from a server that is slow. */
  hold(): void {
    for (const { from, to } of this.pipes) from.unpipe(to).pause();
  }

  release(): void {
    for (const { from, to } of this.pipes) from.pipe(to);
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, far: Socket): void {
    this.pipes.push({ from: near, to: far }, { from: far, to: near });
    if (this.is === 'up') this.release();
    for (const end of [near, far]) {
      this.ends.push(end);
      // A wire that is cut says so on both ends.
      end.on('error', () => end.destroy());
    }
  }
}
