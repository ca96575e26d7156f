import { ContractError } from '@tollgate/gateway';
import type { Random } from './random.js';
import type { Response, SimGateway } from './sim-gateway.js';
import type { World } from './world.js';

/** Longer than any gateway takes to answer; one that has died never does. */
export const PATIENCE_MS = 45_000;
const AGAIN_MS = [500, 2_500] as const;

/** A request of an administrator. */
export type Ask<T> = (gateway: SimGateway) => Promise<Response<{ readonly done: T }>>;

/** What all who ask gateways have in common: patience, pauses, and a gateway to go to. */
export abstract class Askers {
  private open = 0;

  constructor(
    protected readonly world: World,
    protected readonly gatewayAt: (place: number) => SimGateway,
  ) {}

  /** Everybody has been told what he asked for. */
  get areQuiet(): boolean {
    return this.open === 0;
  }

  protected async busy(work: () => Promise<void>): Promise<void> {
    this.open += 1;
    await work();
    this.open -= 1;
  }

  /** Undefined when the answer comes too late, or never. */
  protected patience<T>(answer: Promise<T>, ms: number): Promise<T | undefined> {
    return new Promise((resolve) => {
      const cancel = this.world.after(ms, () => {
        resolve(undefined);
      });
      void answer.then((value) => {
        cancel();
        resolve(value);
      });
    });
  }

  protected pause(client: Random): Promise<void> {
    return this.wait(client.int(...AGAIN_MS));
  }

  protected wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.world.after(ms, resolve);
    });
  }

  protected clientOf(name: string): Random {
    return this.world.chanceOf(`client ${name}`);
  }

  /** An administrator repeats what is not confirmed, at one gateway or the other. */
  protected async confirmed<T>(first: number | undefined, what: string, ask: Ask<T>): Promise<T> {
    const client = this.clientOf(what);
    for (let place = first; ; place = undefined) {
      const gateway = this.gatewayAt(place ?? client.int(0, 1));
      this.world.note('administrator', `${what} at ${gateway.process.name}`);
      const answer = await this.patience(ask(gateway), PATIENCE_MS);
      if (answer instanceof ContractError) {
        this.world.note('administrator', `${what}: ${answer.status} ${errorOf(answer)}`);
        if (answer.status !== 503) throw answer;
      } else {
        this.world.note('administrator', `${what}: ${answer === undefined ? 'nothing' : 'done'}`);
        if (answer !== undefined) return answer.done;
      }
      await this.pause(client);
    }
  }
}

export const errorOf = ({ detail }: ContractError): string =>
  typeof detail === 'string' ? detail : ((detail as { error?: string }).error ?? '');

/** Something asked of a gateway, and what it answered. */
export interface Asked<T> {
  readonly tenant: string;
  /** True times, ms. */
  readonly askedAt: number;
  answeredAt: number;
  /** Undefined until it is answered, and when nobody heard the answer. */
  told: Response<T>;
}
