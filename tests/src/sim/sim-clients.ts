import { ContractError, type CallAnswer, type Fresh } from '@tollgate/gateway';
import { Askers, errorOf, PATIENCE_MS, type Asked } from './askers.js';
import type { Random } from './random.js';
import type { CallWish, ClientCall, Response, SimGateway } from './sim-gateway.js';

const MOST_LOOKED_AT = 3;
const AGENT_KEY = { role: 'agent' as const, agents: ['*'] };

/** What `GET /calls/{call_id}` said. */
export interface Look extends Asked<Fresh<CallAnswer>> {
  readonly callId: string;
}

/** What became of an operator's word about a call. */
export interface Word extends Asked<Fresh<CallAnswer>> {
  readonly callId: string;
  readonly outcome: 'executed' | 'failed';
  readonly keyId: string;
}

/** A key whose making or revoking was answered. */
export interface KeyChange {
  readonly tenant: string;
  readonly keyId: string;
  readonly heardAt: number;
}

/** Those who ask gateways: they hang up, repeat what they were not told, look again, and go to another gateway. */
export class SimClients extends Askers {
  readonly looks: Look[] = [];
  readonly words: Word[] = [];
  readonly madeKeys: KeyChange[] = [];
  readonly revokedKeys: KeyChange[] = [];

  async call(first: number, wish: CallWish): Promise<void> {
    const client = this.clientOf(wish.callId);
    const { tries = 1, hangsUpMs = PATIENCE_MS } = wish;
    await this.busy(async () => {
      for (let nth = 1; ; nth++) {
        const gateway = this.gatewayAt(nth === 1 ? first : client.int(0, 1));
        const name = nth === 1 ? wish.callId : `${wish.callId}.${nth}`;
        await this.patience(gateway.run({ ...wish, callId: name }), hangsUpMs);
        const made = gateway.calls.get(name.replace('call-', 'call_'));
        if (made !== undefined && wish.looksAgain === true) await this.lookAt(made, client);
        if (nth >= tries || made === undefined || isSettled(made)) return;
        await this.pause(client);
      }
    });
  }

  /** Somebody looks at some of these calls at every gateway, once. */
  lookAround(calls: readonly ClientCall[], places: number): void {
    const put = calls.filter((call) => call.put === 'accepted').slice(-MOST_LOOKED_AT);
    for (const { tenant, keyId, callId } of put) {
      for (let place = 0; place < places; place++) {
        void this.busy(async () => void (await this.look(this.gatewayAt(place), tenant, keyId, callId)));
      }
    }
  }

  /** Looks until the call has ended; where it may not have been put, one look is enough. */
  private async lookAt({ tenant, keyId, callId, put, told }: ClientCall, client: Random): Promise<void> {
    if (put === 'pending' || put === 'refused') return;
    const knows = told !== undefined && 'answer' in told && told.answer.decision !== 'in_progress';
    for (;;) {
      const look = await this.look(this.gatewayAt(client.int(0, 1)), tenant, keyId, callId);
      if (knows || put === 'unsure' || hasEnded(look) || isKeyRefused(look)) return;
      await this.pause(client);
    }
  }

  private async look(gateway: SimGateway, tenant: string, keyId: string, callId: string): Promise<Look['told']> {
    const look: Look = { tenant, callId, askedAt: this.world.now, answeredAt: Infinity, told: undefined };
    this.looks.push(look);
    look.told = await this.patience(gateway.look(tenant, keyId, callId), PATIENCE_MS);
    look.answeredAt = this.world.now;
    this.world.note(gateway.process.name, `is asked for ${callId}: ${textOf(look.told)}`);
    return look.told;
  }

  /** An operator repeats his word until he is told what became of the call. */
  async resolve(
    first: number,
    { tenant, callId, outcome, keyId }: Pick<Word, 'tenant' | 'callId' | 'outcome' | 'keyId'>,
  ): Promise<void> {
    const operator = this.clientOf(`operator ${first} of ${callId}`);
    await this.busy(async () => {
      for (let nth = 1; ; nth++) {
        const gateway = this.gatewayAt(nth === 1 ? first : operator.int(0, 1));
        const times = { askedAt: this.world.now, answeredAt: Infinity };
        const word: Word = { tenant, callId, outcome, keyId, ...times, told: undefined };
        this.words.push(word);
        this.world.note(gateway.process.name, `an operator says that ${callId} was ${outcome}`);
        word.told = await this.patience(gateway.resolve(tenant, keyId, callId, outcome), PATIENCE_MS);
        word.answeredAt = this.world.now;
        this.world.note(gateway.process.name, `tells the operator of ${callId}: ${textOf(word.told)}`);
        if (isDefinite(word.told)) return;
        await this.pause(operator);
      }
    });
  }

  /** An administrator has a key made, however often he must ask, and uses it at once, at another gateway. */
  async useNewKey(place: number, wish: CallWish, isMade: (keyId: string) => void): Promise<void> {
    const { tenant, callId } = wish;
    await this.busy(async () => {
      const idempotencyKey = `for ${callId}`;
      const { key: keyId } = await this.confirmed(place, `makes a key for ${callId}`, (gateway) =>
        gateway.administer(tenant, ({ keys }, caller) => keys.create(caller, { sent: AGENT_KEY, idempotencyKey })),
      );
      this.madeKeys.push({ tenant, keyId, heardAt: this.world.now });
      isMade(keyId);
      await this.call(1 - place, { ...wish, keyId });
    });
  }

  async revokeKey(place: number, tenant: string, keyId: string): Promise<void> {
    await this.busy(async () => {
      await this.confirmed(place, `revokes the ${keyId} of ${tenant}`, (gateway) =>
        gateway.administer(tenant, ({ keys }, caller) => keys.revoke(caller, `${tenant} ${keyId}`)),
      );
      this.revokedKeys.push({ tenant, keyId, heardAt: this.world.now });
    });
  }
}

/** Whoever is told this knows what to do; everybody else asks again. */
const isDefinite = <T>(told: Response<T>): boolean =>
  told !== undefined && !(told instanceof ContractError && told.status === 503);

const isSettled = ({ told }: ClientCall): boolean =>
  told !== undefined &&
  ('answer' in told
    ? told.answer.decision !== 'in_progress'
    : told.refusal.status !== 503 && errorOf(told.refusal) !== 'in_progress');

const hasEnded = (told: Look['told']): boolean =>
  told !== undefined && !(told instanceof ContractError) && told.found.decision !== 'in_progress';

/** Its key was revoked meanwhile. */
const isKeyRefused = (told: Look['told']): boolean => told instanceof ContractError && told.status === 403;

function textOf(told: Response<Fresh<CallAnswer>>): string {
  if (told === undefined) return 'nothing';
  if (told instanceof ContractError) return `${told.status} ${errorOf(told)}`;
  const { found, lagSec } = told;
  return `${found.decision} (${found.policy_reason})${lagSec === undefined ? '' : `, ${lagSec} s behind`}`;
}
