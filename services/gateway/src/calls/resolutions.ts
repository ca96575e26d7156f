import { resolutionRequested } from '@tollgate/events';
import type { Clock } from '@tollgate/journal';
import type { JsonValue, Sealer } from '@tollgate/sealing';
import type { CallsTable } from '@tollgate/store';
import type { Authentication } from '../auth/authentication.js';
import type { Caller } from '../auth/caller.js';
import { conflict, tooLarge, unavailable } from '../http/contract-error.js';
import type { CallRecord } from '../reads/call-record.js';
import type { FreshReads } from '../reads/fresh-reads.js';
import type { CallsInbox } from '../run/calls-inbox.js';
import { answerOf, type CallAnswer } from '../run/call-answer.js';
import type { EndedCall } from '../run/ended-call.js';
import type { Endings } from '../run/endings.js';
import type { Outcomes } from '../run/outcomes.js';
import type { Results } from '../run/results.js';
import { untilEnded } from '../run/until-ended.js';
import { endedByRow, resultOf, rowAnswer } from './call-row.js';
import type { ResolveBody } from './calls.schema.js';
import { resolvable } from './resolution.js';

const LIMIT_MS = 5_000;
const LOOK_MS = 100;
/** As much as a tool may answer. */
const MAX_RESULT_BYTES = 262_144;

export interface ResolutionsParts {
  readonly gateway: string;
  readonly sealer: Sealer;
  readonly inbox: CallsInbox;
  readonly endings: Endings;
  readonly outcomes: Outcomes;
  readonly results: Results;
  readonly reads: FreshReads<CallRecord>;
  readonly authentication: Pick<Authentication, 'mustStillBeGood'>;
  readonly clock: Clock;
}

/** An operator says how an in-doubt call ended; the dispatcher decides whether it still is one, once (rule 6). */
export class Resolutions {
  constructor(private readonly parts: ResolutionsParts) {}

  async resolve(caller: Caller, row: CallsTable, word: ResolveBody, trace?: string): Promise<CallAnswer> {
    const state = resolvable(row, word);
    if (state === 'not_in_doubt') throw notInDoubt();
    if (state === 'same') return this.answerOfRow(row);
    const ended = await this.settled(caller, row.call_id, word, trace);
    if (ended === 'refused') return this.afterRefusal(caller, row.call_id, word);
    if (ended.outcome.decision !== word.outcome) throw notInDoubt();
    return answerOf(ended.call, ended.outcome, await this.parts.results.open(caller.tenant, ended.result));
  }

  private async answerOfRow(row: CallsTable): Promise<CallAnswer> {
    return rowAnswer(row, await this.parts.results.open(row.tenant, resultOf(row)));
  }

  /** Somebody else resolved it first, its time is over, or the key is revoked. */
  private async afterRefusal(caller: Caller, callId: string, word: ResolveBody): Promise<CallAnswer> {
    const { tenant } = caller;
    const { found: row, lagSec } = await this.parts.reads.read(tenant, (record) => record.callById(tenant, callId));
    if (row === undefined) throw notInDoubt();
    const state = resolvable(row, word);
    if (state === 'same') return this.answerOfRow(row);
    await this.parts.authentication.mustStillBeGood(caller);
    if (state === 'open' && lagSec !== undefined) throw undecided(callId);
    throw notInDoubt();
  }

  private async settled(
    caller: Caller,
    callId: string,
    word: ResolveBody,
    trace: string | undefined,
  ): Promise<EndedCall | 'refused'> {
    const commandId = `cmd_${this.parts.clock.newName()}`;
    const expected = this.parts.endings.expectResolution(callId);
    const refusal = this.parts.endings.expectRefusal(commandId);
    try {
      await this.say(caller, callId, commandId, word, trace);
      const resolved = untilEnded(
        expected,
        () => this.lookUp(caller.tenant, callId),
        this.parts.clock.now() + LIMIT_MS,
        LOOK_MS,
        this.parts.clock,
      );
      const ended = await Promise.race([resolved, refusal.heard]);
      if (ended === undefined) throw undecided(callId);
      return ended;
    } finally {
      expected.forget();
      refusal.forget();
    }
  }

  private async say(
    { tenant, keyId }: Caller,
    callId: string,
    commandId: string,
    { outcome, result, note }: ResolveBody,
    trace: string | undefined,
  ): Promise<void> {
    const data = {
      commandId,
      callId,
      outcome,
      note,
      keyId,
      gateway: this.parts.gateway,
      ...(result === undefined ? {} : { result: { callId, inline: this.sealed(tenant, callId, result as JsonValue) } }),
    };
    await this.parts.inbox.put(
      'dispatcher',
      { call_id: callId },
      commandId,
      resolutionRequested.draft(tenant, data, trace),
    );
  }

  private sealed(tenant: string, callId: string, result: JsonValue) {
    if (Buffer.byteLength(JSON.stringify(result)) > MAX_RESULT_BYTES) throw tooLarge('The result is over 256 KB');
    return this.parts.sealer.seal(result, { tenant, callId });
  }

  /** The call was another gateway's: its stage tells that one. */
  private async lookUp(tenant: string, callId: string): Promise<EndedCall | undefined> {
    const stored = await this.parts.outcomes.find(tenant, callId);
    if (stored?.resolved === true) return stored;
    const row = await this.parts.reads.readNow((record) => record.callById(tenant, callId));
    return row === undefined || row.resolved_id === null ? undefined : endedByRow(row);
  }
}

const undecided = (callId: string) => unavailable('The resolution is not yet decided: repeat it', { call_id: callId });

const notInDoubt = () => conflict('not_in_doubt', 'The call is not in doubt');
