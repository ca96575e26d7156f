import {
  callCarried,
  type attemptEnded,
  type AttemptAnswer,
  type DataOf,
  type Draft,
  type EventOf,
  type FailureCode,
  type LeasedCall,
  type reconcileAnswered,
  type TollgateEvent,
} from '@tollgate/events';

/** One attempt: `open` until something is known of it or its deadline has passed. */
export interface Attempt {
  readonly number: number;
  /** Of the owner that began it. */
  readonly epoch: string;
  readonly deadline: number;
  /** `not_executed`: it was unknown, and its tool has said since that it did nothing. */
  known: 'open' | 'not_executed' | AttemptAnswer['known'];
  /** Of one that is or was unknown: what its call is answered. */
  why?: { readonly code: FailureCode; readonly status: number | null };
}

/**
 * Where a call is: `queued` (for a place or a connection), `trying` (an attempt is open), `resting` until the next
 * attempt, `asking` its tool what became of the last one, or `in-doubt` until somebody resolves it.
 */
export type Phase =
  | { readonly is: 'queued' }
  | { readonly is: 'trying' }
  | { readonly is: 'resting'; readonly until: number }
  | { readonly is: 'asking'; readonly until: number }
  | { readonly is: 'in-doubt'; readonly heldUntil: number };

export interface DispatchedCall {
  readonly tenant: string;
  readonly leased: LeasedCall;
  /** Of the call's last event here: what is decided next follows it. */
  trace: string | undefined;
  readonly queuedAt: number;
  readonly attempts: Attempt[];
  /** Attempts that used up a try: all but those whose permit we missed ourselves. */
  tries: number;
  /** Questions to the tool's `reconcile_url` that were planned behind the last attempt. */
  questions: number;
  phase: Phase;
  /** When the first event that it is made of was journaled, ms since the epoch (rule 15). */
  since: number;
}

export interface DispatchState {
  /** Calls that this stage still has, and those in doubt. */
  readonly calls: Map<string, DispatchedCall>;
  /** Operators' words → when they were answered: CALLS may hold one twice, however late the second is read (rule 3). */
  readonly words: Map<string, number>;
  /** Of the owner whose events are folded now. */
  epoch: string;
  /** No timer is due before this time, ms since the epoch; a bound, worked out anew by the timer. */
  nextDue: number;
}

export const NEVER = Number.MAX_SAFE_INTEGER;

export const initialDispatchState = (): DispatchState => ({
  calls: new Map(),
  words: new Map(),
  epoch: '',
  nextDue: NEVER,
});

export function evolveDispatch(state: DispatchState, event: TollgateEvent): DispatchState {
  switch (event.type) {
    case 'owner-changed':
      state.epoch = event.data.epoch;
      return state;
    case 'dispatch-queued': {
      const { callId } = event.data.call;
      const { tenant, trace, at } = event;
      const call: DispatchedCall = {
        tenant,
        trace,
        leased: event.data,
        queuedAt: at,
        attempts: [],
        tries: 0,
        questions: 0,
        phase: { is: 'queued' },
        since: at,
      };
      state.calls.set(callId, call);
      return dueBy(state, call);
    }
    case 'dispatch-started': {
      const call = state.calls.get(event.data.call.callId);
      if (call === undefined) return state;
      const { attempt: number, attemptDeadline: deadline } = event.data;
      call.attempts.push({ number, epoch: state.epoch, deadline, known: 'open' });
      call.phase = { is: 'trying' };
      call.questions = 0;
      call.trace = event.trace;
      return dueBy(state, call);
    }
    case 'attempt-ended': {
      const call = state.calls.get(event.data.call.callId);
      if (call === undefined) return state;
      noteAttempt(call, event.data);
      if (event.data.retryAt !== undefined) call.phase = { is: 'resting', until: event.data.retryAt };
      call.trace = event.trace;
      return dueBy(state, call);
    }
    case 'reconcile-queued': {
      const call = state.calls.get(event.data.call.callId);
      if (call === undefined) return state;
      call.phase = { is: 'asking', until: event.data.askAt };
      call.questions = event.data.question;
      call.trace = event.trace;
      return dueBy(state, call);
    }
    case 'reconcile-answered': {
      const call = state.calls.get(event.data.call.callId);
      if (call === undefined) return state;
      noteReconciled(call, event.data);
      call.trace = event.trace;
      return dueBy(state, call);
    }
    case 'in-doubt': {
      const call = state.calls.get(event.data.call.callId);
      if (call === undefined) return state;
      call.phase = { is: 'in-doubt', heldUntil: event.data.heldUntil };
      call.trace = event.trace;
      return dueBy(state, call);
    }
    case 'executed':
    case 'failed':
    case 'blocked':
    case 'resolved':
      state.calls.delete(event.data.call.callId);
      return state;
    case 'resolution-answered':
    case 'settlement-answered':
      state.words.set(event.data.commandId, event.at);
      return state;
    case 'hold-ended':
      state.calls.delete(event.data.callId);
      return state;
    case 'call-carried':
      return carried(state, event);
    case 'journal-kept':
      for (const [callId, { since }] of state.calls) if (since < event.data.from) state.calls.delete(callId);
      for (const [word, answeredAt] of state.words) if (answeredAt < event.data.from) state.words.delete(word);
      return state;
    default:
      return state;
  }
}

function carried(state: DispatchState, { tenant, trace, at, data }: EventOf<typeof callCarried>): DispatchState {
  const attempts = data.attempts.map(({ why, ...one }) => (why === undefined ? one : { ...one, why }));
  const call: DispatchedCall = { tenant, trace, ...data, questions: data.questions ?? 0, attempts, since: at };
  state.calls.set(data.leased.call.callId, call);
  return dueBy(state, call);
}

/** Calls that were taken on before `before`, those in doubt mostly, as they are now (rule 15). */
export function* carryCalls({ calls }: DispatchState, before: number): Iterable<Draft> {
  for (const { since, tenant, trace, ...call } of calls.values()) {
    if (since < before) yield callCarried.draft(tenant, { ...call, attempts: [...call.attempts] }, trace);
  }
}

function noteAttempt(call: DispatchedCall, { attempt, known, code, httpStatus }: DataOf<typeof attemptEnded>): void {
  const started = call.attempts.find(({ number }) => number === attempt);
  if (started === undefined || started.known === 'open') call.tries += code === 'internal_error' ? 0 : 1;
  // What was not sent for want of a connection never had a `dispatch-started`.
  const noted: Attempt = started ?? { number: attempt, epoch: '', deadline: 0, known };
  if (started === undefined) call.attempts.push(noted);
  noted.known = known;
  if (known === 'unknown' && code !== undefined) noted.why = { code, status: httpStatus };
}

function noteReconciled(call: DispatchedCall, { says, retryAt }: DataOf<typeof reconcileAnswered>): void {
  if (says === 'not_executed') {
    for (const attempt of call.attempts) if (attempt.known === 'unknown') attempt.known = 'not_executed';
  }
  if (retryAt !== undefined) call.phase = { is: 'resting', until: retryAt };
}

function dueBy(state: DispatchState, call: DispatchedCall): DispatchState {
  state.nextDue = Math.min(state.nextDue, dueAt(call));
  return state;
}

/** When the clock alone changes this call: an attempt's deadline, the call's own, or the end of a hold. */
export function dueAt({ phase, attempts, leased }: DispatchedCall): number {
  switch (phase.is) {
    case 'in-doubt':
      return phase.heldUntil;
    case 'trying':
      return Math.min(...attempts.filter((one) => one.known === 'open').map((one) => one.deadline));
    case 'queued':
    case 'asking':
    case 'resting':
      return leased.call.deadline;
  }
}

export const openAttempts = (call: DispatchedCall): Attempt[] => call.attempts.filter((one) => one.known === 'open');

/** It has no attempt and asks nothing: what it waits for is a place, or the end of its rest. */
export const waitsToTry = ({ phase }: DispatchedCall): boolean => phase.is === 'queued' || phase.is === 'resting';

/** Nothing of it is under way, nor will be by itself. */
export const isOver = (call: DispatchedCall | undefined): boolean => call === undefined || call.phase.is === 'in-doubt';

/** The last unknown attempt, if any: then every ending but `executed` is in doubt (rule 7). */
export const unknownAttempt = (call: DispatchedCall): Attempt | undefined =>
  call.attempts.findLast((one) => one.known === 'unknown');
export const isUnknown = (call: DispatchedCall): boolean => unknownAttempt(call) !== undefined;

export const lastAttemptNumber = (call: DispatchedCall): number =>
  call.attempts.reduce((most, one) => Math.max(most, one.number), 0);

/** The question that its tool is asked, or was asked last. */
export const openQuestion = (call: DispatchedCall) => ({
  callId: call.leased.call.callId,
  attempt: lastAttemptNumber(call),
  question: call.questions,
});
