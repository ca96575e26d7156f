import { decodeEvent, DRY_RUN, partitionOf, type EndedAction, type PolicyDocument } from '@tollgate/events';
import { askOwner, BusError, type Clock, type MessageBus } from '@tollgate/journal';
import type { Caller } from '../auth/caller.js';
import type { BusLink } from '../bus/bus-link.js';
import { overloaded, unavailable } from '../http/contract-error.js';
import { answerOf, dryRunAnswer, type CallAnswer } from '../run/call-answer.js';
import { refusalOf } from '../run/call-refusal.js';
import type { CallRequests } from '../run/call-requests.js';
import type { InFlight } from '../run/in-flight.js';
import type { Results } from '../run/results.js';
import type { RunBody } from '../run/run.schema.js';
import { endsJob, triedAction } from './tried-action.js';
import { forecastOf, type Ask, type Forecast } from './forecast.js';

export interface DryRunsParts {
  readonly bus: Pick<MessageBus, 'ask'>;
  readonly link: Pick<BusLink, 'mustBeUp'>;
  readonly partitions: number;
  readonly requests: CallRequests;
  readonly results: Results;
  readonly inFlight: InFlight;
  readonly clock: Clock;
  readonly upgradeUrl: string | null;
}

/** A call as a client would make it. */
export interface TriedCall {
  readonly caller: Caller;
  readonly sent: RunBody;
  readonly idempotencyKey?: string | undefined;
  /** Instead of the stored one. */
  readonly policy?: PolicyDocument | undefined;
}

/** Shorter than clients wait, so that they hear that nobody answers. */
const LIMIT_MS = 4_000;

/** What would become of calls: the stages are asked, nothing is put into CALLS, reserved, counted or logged. */
export class DryRuns {
  constructor(private readonly parts: DryRunsParts) {}

  /** @throws ContractError what the call itself would get: 402, 403, 404, 409, 413, 422; and 503 */
  async answer(tried: TriedCall): Promise<CallAnswer> {
    const forecast = await this.within(tried.caller, (ask) => this.forecast(tried, ask));
    if (forecast.is === 'passed') return dryRunAnswer(forecast.call, forecast.cost);
    const { call, outcome, result } = forecast.ended;
    const refusal = refusalOf(call, outcome, this.parts.upgradeUrl);
    if (refusal !== undefined) throw refusal;
    return answerOf(call, outcome, await this.parts.results.open(tried.caller.tenant, result));
  }

  /**
   * The actions of a job, each by itself, up to the first that would end it (contract 3.2).
   *
   * @throws ContractError 413, 422, 503
   */
  async actions(caller: Caller, calls: readonly RunBody[]): Promise<EndedAction[]> {
    return this.within(caller, async (ask) => {
      const tried: EndedAction[] = [];
      for (const sent of calls) {
        const action = triedAction(sent.tool, await this.forecast({ caller, sent }, ask));
        tried.push(action);
        if (endsJob(action)) break;
      }
      return tried;
    });
  }

  private forecast({ caller, sent, idempotencyKey, policy }: TriedCall, ask: Ask): Promise<Forecast> {
    const { requests, clock } = this.parts;
    const callId = `call_${clock.newName()}`;
    const requested = requests.of({ caller, sent, idempotencyKey }, callId, clock.now() + LIMIT_MS);
    return forecastOf({ tenant: caller.tenant, requested, policy }, ask);
  }

  private async within<T>({ tenant }: Caller, work: (ask: Ask) => Promise<T>): Promise<T> {
    const { inFlight, link } = this.parts;
    link.mustBeUp();
    const leave = inFlight.enter(tenant);
    if (leave === undefined) throw overloaded('Too many calls are under way');
    try {
      return await work(this.asking(tenant));
    } catch (error) {
      if (error instanceof BusError) throw unavailable('Nobody can say now what would become of it', {}, error);
      throw error;
    } finally {
      leave();
    }
  }

  private asking(tenant: string): Ask {
    const { bus, clock, partitions } = this.parts;
    const partition = partitionOf(tenant, partitions);
    const until = clock.now() + LIMIT_MS;
    return async (stage, details) =>
      decodeEvent(await askOwner({ bus, clock, until }, stage, partition, { about: DRY_RUN, details }));
  }
}
