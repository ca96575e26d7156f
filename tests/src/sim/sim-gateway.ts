import { decodeEvent, finish, isEnding, requested, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import { answerSubject, appliedSubject, BusError, callsSubject, MARK_HEADER } from '@tollgate/journal';
import type { Sealer } from '@tollgate/sealing';
import { SimBus, type Weather } from './sim-bus.js';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';

/** A call as its client made it, and what became of it as far as the client knows. */
export interface ClientCall {
  readonly callId: string;
  readonly agent: string;
  readonly tool: string;
  readonly args: string;
  /** `accepted`: CALLS acknowledged it; `unsure`: the ack was lost; `refused`: it is not in CALLS. */
  put: 'pending' | 'accepted' | 'unsure' | 'refused';
  answer: EndingEvent | undefined;
  /** How often an ending was told for it: more than one is a contradiction. */
  answers: number;
}

export const TENANT = 'tenant';
const ACK_MS = 3_000;

/** Puts calls into CALLS and hears how they end (rule 17); asks stages whether a change is in force (rule 12). */
export class SimGateway {
  readonly calls = new Map<string, ClientCall>();
  private readonly bus: SimBus;

  constructor(
    readonly process: SimProcess,
    private readonly broker: SimBroker,
    private readonly sealer: Sealer,
    private readonly waitLimitMs: number,
    weather: () => Weather,
  ) {
    this.bus = new SimBus(process, broker, weather);
    this.hear(answerSubject(process.name), (text) => {
      this.told(decodeEvent(JSON.parse(text)));
    });
  }

  async call(callId: string, agent: string, tool: string, args: string): Promise<void> {
    const { clock } = this.process;
    const made: ClientCall = { callId, agent, tool, args, put: 'pending', answer: undefined, answers: 0 };
    this.calls.set(callId, made);
    this.process.world.note(this.process.name, `${callId} asks: ${agent} ${tool}(${args})`);
    const call = {
      callId,
      runId: callId,
      agent,
      tool,
      argsHash: args,
      keyId: 'key',
      gateway: this.process.name,
      waitUntil: clock.now() + this.waitLimitMs,
      requestedAt: 0,
      deadline: 0,
      requestedId: 0,
    };
    const inline = this.sealer.seal({ args }, { tenant: TENANT, callId });
    const data = { call, args: { callId, inline }, spend: 0, role: 'admin' as const };
    const body = JSON.stringify(finish(requested.draft(TENANT, data), 0, clock.now()));
    try {
      await this.bus.append(callsSubject(0, 'policy'), bytes(body), {}, ACK_MS, { [MARK_HEADER]: callId });
      made.put = 'accepted';
    } catch (error) {
      made.put = error instanceof BusError && error.code === 'timeout' ? 'unsure' : 'refused';
    }
  }

  /** When the stage said that CONFIG is in force up to `seq`; undefined when it did not say in time. */
  async inForce(stage: string, seq: number, agent: string | undefined, timeoutMs: number): Promise<number | undefined> {
    const question = JSON.stringify({ seq, ...(agent === undefined ? {} : { agent: { tenant: TENANT, agent } }) });
    const answer = await this.bus.ask(appliedSubject(stage, 0), bytes(question), timeoutMs).catch(() => undefined);
    return answer === undefined ? undefined : (JSON.parse(new TextDecoder().decode(answer)) as { at: number }).at;
  }

  private hear(subject: string, each: (text: string) => void): void {
    const { random } = this.process.world;
    this.broker.listen(subject, (body) => {
      this.process.after(random.delay(2, 50), () => {
        each(new TextDecoder().decode(body));
      });
    });
  }

  private told(event: TollgateEvent): void {
    if (!isEnding(event) || event.type === 'resolved') return;
    const made = this.calls.get(event.data.call.callId);
    if (made === undefined) return;
    made.answers += 1;
    made.answer ??= event;
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
