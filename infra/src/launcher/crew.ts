import type { PrivateServer } from '../servers/index.js';
import type { Keeper, Kept } from './keeper.js';
import type { Running } from './run-record.js';
import type { ServiceProcess } from './service-process.js';

/** Everything that the launcher keeps running. */
export class Crew {
  readonly servers: Keeper<PrivateServer>[] = [];
  readonly services: Keeper<ServiceProcess>[] = [];
  traces: { readonly keeper: Keeper<Kept>; readonly address: string } | undefined;

  running(): readonly Running[] {
    return [
      ...this.services.flatMap(servicesOf),
      ...this.servers.flatMap(serverOf),
      ...(this.traces === undefined ? [] : tracesOf(this.traces)),
    ];
  }

  /** Services before the servers they use, and the gateway first: it takes in nothing while the stages finish. */
  async stop(): Promise<void> {
    const [gateway, others] = split(this.services, ({ name }) => name === 'gateway');
    await stopAll(gateway);
    await stopAll(others);
    await stopAll([...this.servers, ...(this.traces === undefined ? [] : [this.traces.keeper])]);
  }

  kill(): void {
    for (const keeper of [...this.services, ...this.servers]) keeper.kill();
    this.traces?.keeper.kill();
  }

  /** Of the gateway, as it says itself. */
  apiAddress(): string | undefined {
    return this.running().find(({ name }) => name === 'gateway')?.address ?? undefined;
  }
}

async function stopAll(keepers: readonly Keeper<Kept>[]): Promise<void> {
  await Promise.all(keepers.map((keeper) => keeper.stop()));
}

function servicesOf(keeper: Keeper<ServiceProcess>): Running[] {
  const { current } = keeper;
  if (current === undefined) return [];
  const pid = current.process.pid as number;
  return current.services().map(({ name, address, owns }) => ({
    name,
    kind: 'service',
    pid,
    address: address ?? null,
    ...(owns === undefined ? {} : { owns }),
  }));
}

function serverOf({ name, current }: Keeper<PrivateServer>): Running[] {
  return current === undefined ? [] : [{ name, kind: 'server', pid: current.pid, address: current.address }];
}

function tracesOf({ keeper, address }: NonNullable<Crew['traces']>): Running[] {
  const pid = keeper.current?.process.pid;
  return pid === undefined ? [] : [{ name: 'traces', kind: 'server', pid, address }];
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
