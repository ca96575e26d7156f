import { requested } from '@tollgate/events';
import type { Clock } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import { conflict, overloaded, retryAfter, unavailable } from '../http/contract-error.js';
import { answerOf, type AnsweredCall, type CallAnswer } from './call-answer.js';
import { refusalOf } from './call-refusal.js';
import type { CallRequests, SentCall } from './call-requests.js';
import type { CallsInbox } from './calls-inbox.js';
import type { EndedCall } from './ended-call.js';
import type { Endings } from './endings.js';
import type { InFlight } from './in-flight.js';
import type { Outcomes } from './outcomes.js';
import type { Results } from './results.js';
import { untilEnded } from './until-ended.js';

export interface GovernedCallsParts {
  readonly waitLimitMs: number;
  readonly callDeadlineMs: number;
  readonly requests: CallRequests;
  readonly inFlight: InFlight;
  readonly inbox: CallsInbox;
  readonly endings: Endings;
  readonly outcomes: Outcomes;
  readonly results: Results;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Where a tenant without credits is sent, if anywhere. */
  readonly upgradeUrl: string | null;
}

/** A call as a client asks for it. */
export interface AskedCall extends SentCall {
  /** W3C `traceparent` of the request. */
  readonly trace?: string | undefined;
  /** The client does not wait for the end: as a repeat it may take over whenever the first fails. */
  readonly respondAsync: boolean;
}

/** A call that was put into CALLS, and how its end is heard. */
export interface AcceptedCall {
  readonly call: AnsweredCall;
  /** @throws ContractError for what is not answered 200, `in_progress` among it */
  answer(): Promise<CallAnswer>;
  /** For a client that does not want to wait: undefined when the call still runs after `ms`, or at the wait limit. */
  within(ms: number): Promise<CallAnswer | undefined>;
}

const IN_PROGRESS_RETRY_SEC = 2;

/** Contract 3.1, as far as a gateway has to do with it: accepting a call, and answering when its end is known. */
export class GovernedCalls {
  constructor(private readonly parts: GovernedCallsParts) {}

  /** @throws ContractError 413, 422, 503 */
  async accept(asked: AskedCall): Promise<AcceptedCall> {
    const leave = this.parts.inFlight.enter(asked.caller.tenant);
    if (leave === undefined) throw overloaded('Too many calls are under way');
    try {
      return await this.put(asked, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async put(asked: AskedCall, leavePlace: () => void): Promise<AcceptedCall> {
    const { caller, sent, idempotencyKey, trace, respondAsync } = asked;
    const { waitLimitMs, callDeadlineMs, requests, inbox, endings, clock } = this.parts;
    const callId = `call_${clock.newName()}`;
    const waitUntil = clock.now() + (respondAsync ? callDeadlineMs : waitLimitMs);
    const data = requests.of({ caller, sent, idempotencyKey }, callId, waitUntil);
    const expected = endings.expect(callId);
    const leave = () => {
      expected.forget();
      leavePlace();
    };
    try {
      await inbox.put('policy', { call_id: callId }, callId, requested.draft(caller.tenant, data, trace));
    } catch (error) {
      leave();
      throw error;
    }
    const lookUp = () => this.parts.outcomes.find(caller.tenant, callId);
    const ended = (until: number) => untilEnded(expected, lookUp, until, undefined, clock).finally(leave);
    return {
      call: data.call,
      answer: async () => this.answer(caller.tenant, data.call, await ended(waitUntil)),
      within: async (ms) => {
        const known = await ended(clock.now() + Math.min(ms, waitLimitMs));
        return known && this.answer(caller.tenant, data.call, known);
      },
    };
  }

  private async answer(tenant: string, call: AnsweredCall, ended: EndedCall | undefined): Promise<CallAnswer> {
    const decision = ended?.outcome.decision ?? 'in_progress';
    this.parts.logger.info('a call was answered', {
      call_id: call.callId,
      run_id: call.runId,
      decision,
      reason: ended?.outcome.reason,
    });
    if (ended === undefined) throw stillRunning(call);
    const refusal = refusalOf(call, ended.outcome, this.parts.upgradeUrl);
    if (refusal !== undefined) throw refusal;
    return answerOf(ended.call, ended.outcome, await this.resultOf(tenant, call, ended));
  }

  private async resultOf(tenant: string, { callId }: AnsweredCall, { result }: EndedCall) {
    try {
      return await this.parts.results.open(tenant, result);
    } catch (error) {
      throw unavailable('The result cannot be read now: repeat the call', { call_id: callId }, error);
    }
  }
}

const stillRunning = ({ callId, runId }: AnsweredCall) =>
  conflict(
    'in_progress',
    'The call is still running: repeat it to wait on',
    { call_id: callId, run_id: runId, retry_after_sec: IN_PROGRESS_RETRY_SEC },
    retryAfter(IN_PROGRESS_RETRY_SEC),
  );
