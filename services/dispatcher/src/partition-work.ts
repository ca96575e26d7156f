import type { AttemptAnswer, attemptEnded, DataOf, LeasedCall, reconcileQueued, TollgateEvent } from '@tollgate/events';
import { faultPoint } from '@tollgate/runtime';
import { logIds, type Owner } from '@tollgate/stage';
import { Asking } from './asking.js';
import { Attempt, type Started } from './attempt.js';
import { mayTry, toolOf } from './decide-queued.js';
import { isOpen, type Question } from './decide-reconciled.js';
import {
  isOver,
  openAttempts,
  waitsToTry,
  openQuestion,
  type DispatchedCall,
  type DispatchState,
} from './dispatch.state.js';
import { handOver } from './hand-over.js';
import { Permits } from './permits.js';
import { Places, takerOf } from './places.js';
import { ReadyCalls } from './ready-calls.js';
import { Unsaid, type Word } from './unsaid.js';
import type { Underway } from './underway.js';
import type { WorkTools } from './work-tools.js';

type EndedAttempt = Pick<DataOf<typeof attemptEnded>, 'call' | 'retryAt'>;

const hasNextAttempt = (call: DispatchedCall): boolean => waitsToTry(call) || openAttempts(call).length > 0;

/** The effects of one owner of a dispatch journal: who may try next, and what became of it. */
export class PartitionWork {
  readonly permits: Permits;
  private readonly places: Places;
  private readonly ready: ReadyCalls;
  private readonly unsaid = new Unsaid();
  /** Calls whose request is under way: their places are taken until it is over, also where the call has gone on meanwhile. */
  private readonly sending = new Map<string, 'awaited' | 'let go'>();
  /** This owner's, also when the state is somebody else's already. */
  private readonly epoch: string;

  constructor(
    private readonly owner: Owner<DispatchState>,
    private readonly tools: WorkTools,
    private readonly underway: Underway,
  ) {
    this.permits = new Permits(tools.clock, owner.lastAt);
    this.places = new Places(tools.limits);
    this.ready = new ReadyCalls(tools);
    this.epoch = owner.state.epoch;
  }

  /** A new owner goes on where the journal ends; open attempts are left alone until their deadline (rule 10). */
  resume(): void {
    for (const [callId, call] of this.owner.state.calls) {
      if (call.phase.is === 'queued') this.enqueue(callId);
      if (call.phase.is === 'resting') this.enqueueAt(callId, call.phase.until);
      if (call.phase.is === 'asking') this.enqueueAt(callId, call.phase.until, openQuestion(call));
    }
  }

  /** True when a place, an idle connection and the arguments are at hand, so that the attempt can begin at once. */
  prepareNow(tenant: string, leased: LeasedCall): boolean {
    const { callId } = leased.call;
    if (!this.places.take(takerOf(tenant, leased))) return false;
    if (this.ready.standNow(tenant, leased, this.owner.config)) return true;
    this.places.release(callId);
    return false;
  }

  /**
   * True where a prepared call is prepared again: when its rest is over, which a clock that was set back has put off; or for
   * where its tool is now, which has been changed since (rule 12).
   */
  preparesAgain(callId: string, now: number): boolean {
    const call = this.owner.state.calls.get(callId);
    if (call === undefined || !waitsToTry(call)) return false;
    if (!mayTry(call, now)) {
      this.forget(callId);
      this.restAgain(callId);
      return true;
    }
    if (!this.ready.isOutdated(callId, toolOf(this.owner.config, call.tenant, call.leased))) return false;
    this.ready.drop(callId);
    void this.prepare(callId);
    return true;
  }

  /** An attempt has been decided: its permit runs from now. */
  decided(attempt: Omit<Word, 'answer'>): void {
    const { tenant, call } = attempt;
    this.permits.begin(call.callId, tenant, call.agent);
    this.unsaid.decided(attempt);
  }

  committed(event: TollgateEvent): void {
    switch (event.type) {
      case 'dispatch-queued':
        if (!this.ready.has(event.data.call.callId)) this.enqueue(event.data.call.callId);
        break;
      case 'dispatch-started':
        this.unsaid.began(event.data.call.callId, event.data.attempt);
        this.underway.add(this.attempt(event));
        break;
      case 'attempt-ended':
        this.unsaid.said(event.data);
        this.attemptEnded(event.data);
        break;
      case 'reconcile-queued':
        this.askAt(event.data);
        break;
      case 'reconcile-answered':
        this.attemptEnded(event.data);
        break;
      case 'in-doubt':
        this.forget(event.data.call.callId);
        break;
      case 'executed':
      case 'failed':
      case 'blocked':
      case 'resolved':
        this.unsaid.ended(event.data.call.callId);
        this.forget(event.data.call.callId);
        break;
      case 'hold-ended':
        this.unsaid.ended(event.data.callId);
        break;
      case 'config-applied':
        this.owner.submit('config-changed', undefined);
        break;
      default:
        break;
    }
  }

  /** Not the owner any more: what stands ready is not sent; what is known of attempts, or will be, is handed over. */
  abandon(): void {
    this.ready.dropAll();
    for (const word of this.unsaid.takeAll()) this.underway.add(this.handOver(word));
  }

  /** A late word about one attempt must not take the place, the connection and the permit of the next, begun or prepared. */
  private attemptEnded({ call: { callId }, retryAt }: EndedAttempt): void {
    const call = this.owner.state.calls.get(callId);
    if (call === undefined || retryAt !== undefined || !hasNextAttempt(call)) this.forget(callId);
    if (retryAt !== undefined) this.enqueueAt(callId, retryAt);
  }

  private askAt({ call: { callId }, attempt, question, askAt }: DataOf<typeof reconcileQueued>): void {
    this.enqueueAt(callId, askAt, { callId, attempt, question });
  }

  private enqueueAt(callId: string, at: number, asks?: Question): void {
    this.tools.clock.after(at - this.tools.clock.now(), () => {
      this.enqueue(callId, asks);
    });
  }

  private enqueue(callId: string, asks?: Question): void {
    const call = this.owner.state.calls.get(callId);
    if (call === undefined || !this.owner.isOwner) return;
    // While it rested it may have come to be in doubt, and would keep its place for a month.
    if (asks === undefined && (!waitsToTry(call) || this.sending.has(callId))) return;
    // A timer may be of a rest before this one, and the clock may have been set back: a place that is taken too early would
    // not be used when the rest is over.
    if (asks === undefined && !mayTry(call, this.tools.clock.now())) {
      this.restAgain(callId);
      return;
    }
    this.places.wait(takerOf(call.tenant, call.leased, asks));
    this.admit();
  }

  private admit(): void {
    if (!this.owner.isOwner) return;
    for (const { id, callId, asks } of this.places.admit()) {
      void (asks === undefined ? this.prepare(callId) : this.ask(id, asks));
    }
  }

  private forget(callId: string): void {
    this.ready.drop(callId);
    this.permits.drop(callId);
    if (this.sending.has(callId)) {
      this.sending.set(callId, 'let go');
      return;
    }
    this.places.release(callId);
    this.admit();
  }

  /** Its request is over: who has been let go meanwhile gives its place back, and may be waiting to be tried again. */
  private sent(callId: string): void {
    const letGo = this.sending.get(callId) === 'let go';
    this.sending.delete(callId);
    if (!letGo) return;
    this.forget(callId);
    this.restAgain(callId);
  }

  /** Until its rest is over, by the clock as it is now. */
  private restAgain(callId: string): void {
    const phase = this.owner.state.calls.get(callId)?.phase;
    if (phase?.is === 'resting') this.enqueueAt(callId, phase.until);
  }

  private async prepare(callId: string): Promise<void> {
    const call = this.owner.state.calls.get(callId);
    if (call === undefined || !waitsToTry(call)) {
      this.forget(callId);
      return;
    }
    const { tenant, leased, trace } = call;
    const failure = await this.ready.stand(tenant, leased, this.owner.config).catch((error: unknown) => {
      this.tools.log.error('a call cannot be prepared', logIds(leased.call, trace), error);
      return { known: 'not_sent', code: 'internal_error' } as const;
    });
    if (!this.owner.isOwner) {
      this.ready.drop(callId);
      return;
    }
    if (isOver(this.owner.state.calls.get(callId))) {
      this.forget(callId);
      return;
    }
    if (failure === undefined) this.owner.submit('prepared', { callId });
    else this.owner.submit('answered', { callId, attempt: call.attempts.length + 1, answer: failure });
  }

  /** Asks the tool what became of a call that still waits to know it. */
  private async ask(place: string, asked: Question): Promise<void> {
    const call = this.owner.state.calls.get(asked.callId);
    if (call?.phase.is === 'asking' && isOpen(call, asked)) {
      const mayAsk = (): boolean => this.owner.isOwner && this.tools.clock.now() < call.leased.call.deadline;
      const tool = toolOf(this.owner.config, call.tenant, call.leased);
      const word = await new Asking(call, tool, this.tools, mayAsk).run();
      this.owner.submit('reconciled', { asked, word });
    }
    this.places.release(place);
    this.admit();
  }

  /** The attempt is in the journal: now, and only now, its request may leave (rule 2). */
  private async attempt(started: Started): Promise<void> {
    const { call, attemptDeadline } = started.data;
    const ready = this.ready.take(call.callId);
    const leased = this.owner.state.calls.get(call.callId)?.leased;
    if (ready === undefined || leased === undefined) {
      ready?.connection.release();
      await this.answered(started, { known: 'not_sent', code: 'internal_error' });
      return;
    }
    const maySend = (stamp: number): boolean => {
      const now = this.tools.clock.now();
      return this.permits.use(call.callId, stamp) && this.owner.isOwner && now < call.deadline && now < attemptDeadline;
    };
    this.sending.set(call.callId, 'awaited');
    const answer = await new Attempt(started, leased, ready, this.tools, maySend).run();
    this.sent(call.callId);
    await this.answered(started, answer);
  }

  private async answered({ tenant, trace, data }: Started, answer: AttemptAnswer): Promise<void> {
    const { call, attempt } = data;
    await faultPoint('dispatch.before-answer');
    const word = { tenant, trace, call, attempt, answer };
    if (!this.owner.isOwner) {
      await this.handOver(word);
      return;
    }
    if (this.owner.state.calls.has(call.callId)) this.unsaid.answered(word);
    this.owner.submit('answered', { callId: call.callId, attempt, answer });
  }

  private async handOver({ tenant, trace, call, attempt, answer }: Word): Promise<void> {
    const { bus, clock, log } = this.tools;
    const word = { callId: call.callId, epoch: this.epoch, attempt, answer };
    // Nobody else knows what the tool said.
    await faultPoint('dispatch.before-hand-over');
    const told = await handOver(bus, this.owner.partition, tenant, word, clock);
    await faultPoint('dispatch.handed-over');
    log.info('an answer was handed over', { ...logIds(call, trace), attempt, told });
  }
}
