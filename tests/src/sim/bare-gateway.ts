import {
  decodeEvent,
  finish,
  isEnding,
  partitionOf,
  requested,
  resolutionRequested,
  type Draft,
  type EndingEvent,
  type TollgateEvent,
} from '@tollgate/events';
import {
  answerSubject,
  appliedSubject,
  BusError,
  callsSubject,
  MARK_HEADER,
  type CallsReader,
} from '@tollgate/journal';
import type { Sealer } from '@tollgate/sealing';
import { SimBus, type Weather } from './sim-bus.js';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';

/** What a client asks for. */
export interface CallWish {
  readonly callId: string;
  readonly tenant: string;
  readonly agent: string;
  readonly tool: string;
  readonly args: string;
  readonly keyId: string;
}

/** `accepted`: CALLS acknowledged it; `unsure`: the ack was lost; `refused`: it is not in CALLS. */
type Put = 'pending' | 'accepted' | 'unsure' | 'refused';

/** A call as its client made it, and what became of it as far as the client knows. */
export interface ClientCall extends CallWish {
  put: Put;
  /** Endings that were told, in their order. */
  readonly answers: EndingEvent[];
}

/** An operator's word about a call in doubt. */
export interface OperatorsWord {
  readonly commandId: string;
  readonly callId: string;
  put: Put;
}

export interface GatewayAround {
  readonly broker: SimBroker;
  readonly sealer: Sealer;
  readonly waitLimitMs: number;
  readonly partitions: number;
  readonly weather: () => Weather;
}

const ACK_MS = 3_000;

/** Puts words into CALLS as a gateway does, hears how calls end, and asks stages whether a change is in force. */
export class BareGateway {
  readonly calls = new Map<string, ClientCall>();
  readonly words: OperatorsWord[] = [];
  private readonly bus: SimBus;

  constructor(
    readonly process: SimProcess,
    private readonly around: GatewayAround,
  ) {
    this.bus = new SimBus(process, around.broker, around.weather);
    this.bus.listen(answerSubject(process.name), (body) => {
      this.told(decodeEvent(JSON.parse(new TextDecoder().decode(body))));
    });
  }

  async call(wish: CallWish): Promise<void> {
    const { callId, tenant, agent, tool, args, keyId } = wish;
    const made: ClientCall = { ...wish, put: 'pending', answers: [] };
    this.calls.set(callId, made);
    this.process.world.note(this.process.name, `${callId} asks: ${tenant} ${agent} ${tool}(${args})`);
    const call = {
      callId,
      runId: callId,
      agent,
      tool,
      argsHash: args,
      keyId: `${tenant} ${keyId}`,
      gateway: this.process.name,
      waitUntil: this.process.clock.now() + this.around.waitLimitMs,
      requestedAt: 0,
      deadline: 0,
      requestedId: 0,
    };
    const inline = this.around.sealer.seal({ args }, { tenant, callId });
    const data = { call, args: { callId, inline }, spend: 0, role: 'admin' as const };
    made.put = await this.put(tenant, 'policy', callId, requested.draft(tenant, data));
  }

  async resolve(tenant: string, callId: string, outcome: 'executed' | 'failed'): Promise<void> {
    const word: OperatorsWord = { commandId: this.process.clock.newName(), callId, put: 'pending' };
    this.words.push(word);
    this.process.world.note(this.process.name, `an operator says that ${callId} was ${outcome}`);
    const { commandId } = word;
    const data = { commandId, callId, outcome, keyId: `${tenant} key`, gateway: this.process.name };
    word.put = await this.put(tenant, 'dispatcher', commandId, resolutionRequested.draft(tenant, data));
  }

  /** When the stage said that CONFIG is in force up to `seq`; undefined when it did not say in time. */
  async inForce(
    stage: string,
    tenant: string,
    seq: number,
    agent: string | undefined,
    timeoutMs: number,
  ): Promise<number | undefined> {
    const question = JSON.stringify({ seq, ...(agent === undefined ? {} : { agent: { tenant, agent } }) });
    const subject = appliedSubject(stage, this.partitionOf(tenant));
    const answer = await this.bus.ask(subject, bytes(question), timeoutMs).catch(() => undefined);
    return answer === undefined ? undefined : (JSON.parse(new TextDecoder().decode(answer)) as { at: number }).at;
  }

  private async put(tenant: string, reader: CallsReader, mark: string, draft: Draft): Promise<Put> {
    const subject = callsSubject(this.partitionOf(tenant), reader);
    const body = bytes(JSON.stringify(finish(draft, 0, this.process.clock.now())));
    try {
      await this.bus.append(subject, body, {}, ACK_MS, { [MARK_HEADER]: mark });
      return 'accepted';
    } catch (error) {
      return error instanceof BusError && error.code === 'timeout' ? 'unsure' : 'refused';
    }
  }

  private partitionOf(tenant: string): number {
    return partitionOf(tenant, this.around.partitions);
  }

  private told(event: TollgateEvent): void {
    if (isEnding(event) && event.type !== 'resolved') this.calls.get(event.data.call.callId)?.answers.push(event);
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
