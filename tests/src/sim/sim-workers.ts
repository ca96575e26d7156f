import { ContractError } from '@tollgate/gateway';
import { Askers, PATIENCE_MS, type Asked } from './askers.js';
import type { Random } from './random.js';
import type { Response, SimGateway, TaskAnswer } from './sim-gateway.js';

export type HolderWord = 'extend' | 'complete' | 'fail' | 'cancel';

interface Asker {
  readonly name: string;
  readonly tenant: string;
  readonly agent: string;
  readonly keyId: string;
  readonly idempotencyKey?: string;
}

/** What a client does about a key that is to be worked on once. */
export interface WorkWish extends Asker {
  readonly key: string;
  readonly ttlSec: number;
  /** The server is to run them, one after the other. */
  readonly actions?: readonly { readonly tool: string; readonly args: string }[] | undefined;
  /** What it says as the holder, one after the other. */
  readonly words: readonly HolderWord[];
  /** Time that it takes before each word, ms. */
  readonly thinksMs: number;
  /** How often it asks for the lease at most. */
  readonly asks: number;
  /** It asks afterwards how the key stands. */
  readonly looks: boolean;
}

/** A client that checks a lock. */
export interface LockWish extends Asker {
  readonly key: string;
  readonly ttlSec: number;
  readonly asks: number;
}

export interface ResetWish extends Asker {
  readonly key: string;
}

/** One request of the lease routes, of check-lock or for a job. */
export type Ask =
  | { readonly does: 'lease' | 'lock'; readonly ttlSec: number }
  | { readonly does: 'job'; readonly ttlSec: number; readonly agent: string; readonly actions: WorkWish['actions'] }
  | { readonly does: HolderWord; readonly leaseId: string }
  | { readonly does: 'reset' | 'status' };

/** What was asked about a key, under which command, and what was told. */
export interface AskedAbout extends Asked<TaskAnswer> {
  readonly name: string;
  readonly key: string;
  readonly keyId: string;
  readonly idempotencyKey: string | undefined;
  readonly ask: Ask;
}

const MOST_REPEATS = 12;

/** Those who lease keys: they poll, extend, finish or vanish, and repeat what they were not told. */
export class SimWorkers extends Askers {
  readonly asked: AskedAbout[] = [];

  async work(first: number, wish: WorkWish): Promise<void> {
    const client = this.clientOf(wish.name);
    const { ttlSec, agent, actions, asks } = wish;
    const ask: Ask = actions === undefined ? { does: 'lease', ttlSec } : { does: 'job', ttlSec, agent, actions };
    await this.busy(async () => {
      for (let nth = 1; nth <= asks; nth++) {
        const told = await this.toldOnce(first, wish, ask, client);
        if (told === undefined || told instanceof ContractError) break;
        if (told['status'] === 'acquired') {
          await this.hold(first, wish, String(told['lease_id']), client);
          break;
        }
        if (told['status'] !== 'polling') break;
        await this.wait(Number(told['retry_after_sec']) * 1_000);
      }
      if (wish.looks) await this.say(this.gatewayAt(client.int(0, 1)), wish, { does: 'status' });
    });
  }

  async lock(first: number, wish: LockWish): Promise<void> {
    const client = this.clientOf(wish.name);
    await this.busy(async () => {
      for (let nth = 1; nth <= wish.asks; nth++) {
        await this.toldOnce(first, wish, { does: 'lock', ttlSec: wish.ttlSec }, client);
        await this.pause(client);
      }
    });
  }

  async reset(first: number, wish: ResetWish): Promise<void> {
    await this.busy(async () => {
      await this.toldOnce(first, wish, { does: 'reset' }, this.clientOf(wish.name));
    });
  }

  private async hold(first: number, wish: WorkWish, leaseId: string, client: Random): Promise<void> {
    for (const does of wish.words) {
      await this.wait(wish.thinksMs);
      await this.toldOnce(first, wish, { does, leaseId }, client);
    }
  }

  /** Asks until it is told: what came to nothing is asked again, at another gateway. */
  private async toldOnce(
    first: number,
    wish: LockWish | WorkWish | ResetWish,
    ask: Ask,
    client: Random,
  ): Promise<Response<TaskAnswer>> {
    for (let nth = 1; nth <= MOST_REPEATS; nth++) {
      const told = await this.say(this.gatewayAt(nth === 1 ? first : client.int(0, 1)), wish, ask);
      if (told !== undefined && !(told instanceof ContractError && told.status === 503)) return told;
      await this.pause(client);
    }
    return undefined;
  }

  private async say(
    gateway: SimGateway,
    { tenant, key, keyId, idempotencyKey, name: of }: LockWish | WorkWish | ResetWish,
    ask: Ask,
  ): Promise<Response<TaskAnswer>> {
    const name = `${of}.${this.asked.length}`;
    const times = { askedAt: this.world.now, answeredAt: Infinity };
    const asked: AskedAbout = { name, tenant, key, keyId, idempotencyKey, ask, ...times, told: undefined };
    this.asked.push(asked);
    this.world.note(gateway.process.name, `${name} asks: ${ask.does} ${tenant} ${key}`);
    asked.told = await this.patience(gateway.ofTasks(asked), PATIENCE_MS);
    asked.answeredAt = this.world.now;
    this.world.note(gateway.process.name, `tells ${name}: ${textOf(asked.told)}`);
    return asked.told;
  }
}

function textOf(told: Response<TaskAnswer>): string {
  if (told === undefined) return 'nothing';
  if (told instanceof ContractError) return `${told.status} ${JSON.stringify(told.detail)}`;
  const { status, version, lease_id: leaseId } = told as Record<string, string | number | null>;
  return `${status} ${version ?? ''} ${leaseId ?? ''}`;
}
