import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import {
  secretCallId,
  type AttemptAnswer,
  type DataOf,
  type dispatchStarted,
  type EventOf,
  type LeasedCall,
  type ToolDocument,
  type TollgateEvent,
} from '@tollgate/events';
import type { Bus } from '@tollgate/journal';
import { faultPoint, type Logger } from '@tollgate/runtime';
import type { JsonValue, Sealer } from '@tollgate/sealing';
import { contextOf, logIds, traceparentOf, type Clock, type Owner } from '@tollgate/stage';
import { toolOf } from './decide-queued.js';
import type { DispatchedCall, DispatchState } from './dispatch.state.js';
import { handOver } from './hand-over.js';
import { Permits } from './permits.js';
import { Places, type Limits, type Taker } from './places.js';
import { openArgs } from './sealed-args.js';
import { dispatchRequest, type PreparedConnection, type SendResult, type ToolClient } from './tool-client/index.js';

export interface WorkTools {
  readonly client: ToolClient;
  readonly bus: Bus;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly limits: Limits;
}

/** What stands ready when an attempt is decided: nothing may fail between its event and its request. */
interface Ready {
  readonly connection: PreparedConnection;
  readonly tool: ToolDocument;
  readonly secret: string;
  readonly args: JsonValue;
}

type Started = EventOf<typeof dispatchStarted>;

/** The effects of one owner of a dispatch journal: places, connections, requests and what tools answer. */
export class PartitionWork {
  readonly permits: Permits;
  private readonly places: Places;
  private readonly ready = new Map<string, Ready>();

  constructor(
    private readonly owner: Owner<DispatchState>,
    private readonly tools: WorkTools,
  ) {
    this.permits = new Permits(tools.clock);
    this.places = new Places(tools.limits);
  }

  /** A new owner goes on where the journal ends; open attempts are left alone until their deadline (rule 10). */
  resume(): void {
    for (const [callId, call] of this.owner.state.calls) {
      if (call.phase.is === 'queued') this.enqueue(callId);
      if (call.phase.is === 'resting') this.enqueueAt(callId, call.phase.until);
    }
  }

  /** True when a place, an idle connection and the arguments are at hand, so that the attempt can begin at once. */
  prepareNow(tenant: string, leased: LeasedCall): boolean {
    const tool = toolOf(this.owner.config, tenant, leased);
    if (tool === undefined || !('inline' in leased.args)) return false;
    const { callId } = leased.call;
    if (!this.places.take(takerOf(callId, tenant, leased))) return false;
    const connection = this.tools.client.prepareNow(tool.url);
    if (connection === undefined) {
      this.places.release(callId);
      return false;
    }
    try {
      const args = this.tools.sealer.open(leased.args.inline, { tenant, callId: leased.args.callId });
      this.ready.set(callId, { connection, tool, secret: this.secretOf(tenant, tool), args });
      return true;
    } catch {
      connection.release();
      this.places.release(callId);
      return false;
    }
  }

  committed(event: TollgateEvent): void {
    switch (event.type) {
      case 'dispatch-queued':
        if (!this.ready.has(event.data.call.callId)) this.enqueue(event.data.call.callId);
        break;
      case 'dispatch-started':
        void this.attempt(event);
        break;
      case 'attempt-ended':
        this.forget(event.data.call.callId);
        this.enqueueIfResting(event.data.call.callId);
        break;
      case 'executed':
      case 'failed':
      case 'blocked':
      case 'in-doubt':
      case 'resolved':
        this.forget(event.data.call.callId);
        break;
      case 'config-applied':
        this.owner.submit('config-changed', undefined);
        break;
      default:
        break;
    }
  }

  /** Not the owner any more: what stands ready is not sent; what was sent may still be answered, and is handed over. */
  abandon(): void {
    for (const callId of [...this.ready.keys()]) this.forget(callId);
  }

  private enqueueIfResting(callId: string): void {
    const phase = this.owner.state.calls.get(callId)?.phase;
    if (phase?.is === 'resting') this.enqueueAt(callId, phase.until);
  }

  private enqueueAt(callId: string, at: number): void {
    this.tools.clock.after(at - this.tools.clock.now(), () => {
      this.enqueue(callId);
    });
  }

  private enqueue(callId: string): void {
    const call = this.owner.state.calls.get(callId);
    if (call === undefined || !this.owner.isOwner) return;
    this.places.wait(takerOf(callId, call.tenant, call.leased));
    this.admit();
  }

  private admit(): void {
    for (const { callId } of this.places.admit()) void this.prepare(callId);
  }

  private forget(callId: string): void {
    this.ready.get(callId)?.connection.release();
    this.ready.delete(callId);
    this.permits.drop(callId);
    this.places.release(callId);
    this.admit();
  }

  /** Name, connection and TLS stand before the attempt is journaled (rule 10). */
  private async prepare(callId: string): Promise<void> {
    const call = this.owner.state.calls.get(callId);
    if (call === undefined) {
      this.forget(callId);
      return;
    }
    const failure = await this.standReady(callId, call).catch((error: unknown) => {
      this.tools.log.error('a call cannot be prepared', logIds(call.leased.call, call.trace), error);
      return { known: 'not_sent', code: 'internal_error' } as const;
    });
    if (failure === undefined) this.owner.submit('prepared', { callId });
    else this.owner.submit('answered', { callId, attempt: call.attempts.length + 1, answer: failure });
  }

  private async standReady(callId: string, call: DispatchedCall): Promise<AttemptAnswer | undefined> {
    const { tenant, leased } = call;
    const tool = toolOf(this.owner.config, tenant, leased);
    // The decision on `prepared` says that the tool is gone.
    if (tool === undefined) return undefined;
    const args = await openArgs(this.tools.bus, this.tools.sealer, tenant, leased.args);
    const secret = this.secretOf(tenant, tool);
    const idle = this.tools.client.prepareNow(tool.url);
    const prepared =
      idle === undefined
        ? await this.tools.client.prepare(tool.url, tool.timeoutMs)
        : { ok: true as const, connection: idle };
    if (!prepared.ok) return { known: 'not_sent', code: prepared.code };
    this.ready.set(callId, { connection: prepared.connection, tool, secret, args });
    return undefined;
  }

  private secretOf(tenant: string, tool: ToolDocument): string {
    return String(this.tools.sealer.open(tool.secret, { tenant, callId: secretCallId(tool.name) }));
  }

  /** The attempt is in the journal: one check, one write, and whatever the tool answers. */
  private async attempt(event: Started): Promise<void> {
    const { call, attempt } = event.data;
    const parent = contextOf(event.trace);
    const span = this.tools.tracer.startSpan('dispatch POST', { kind: SpanKind.CLIENT }, parent);
    span.setAttributes({ 'http.request.method': 'POST', 'tollgate.call_id': call.callId, 'tollgate.attempt': attempt });
    const answer = await this.send(event, traceparentOf(span, event.trace)).catch((error: unknown): AttemptAnswer => {
      this.tools.log.error('a request could not be sent', logIds(call, event.trace), error);
      return { known: 'not_sent', code: 'internal_error' };
    });
    span.setAttribute('tollgate.known', answer.known);
    if ('httpStatus' in answer && answer.httpStatus !== null) {
      span.setAttribute('http.response.status_code', answer.httpStatus);
    }
    if (answer.known !== 'executed') span.setStatus({ code: SpanStatusCode.ERROR, message: answer.known });
    span.end();
    await this.answered(event, answer);
  }

  private async send(event: Started, traceparent: string | undefined): Promise<AttemptAnswer> {
    const { callId } = event.data.call;
    const ready = this.ready.get(callId);
    const leased = this.owner.state.calls.get(callId)?.leased;
    if (ready === undefined || leased === undefined) return { known: 'not_sent', code: 'internal_error' };
    this.ready.delete(callId);
    // Between the journal and the write: whoever stops here longer than the permit must not send.
    await faultPoint('dispatch.before-send');
    const { connection, tool, secret, args } = ready;
    const { agent, runId } = leased.call;
    const request = dispatchRequest(
      {
        tool: tool.name,
        agent,
        args,
        runId,
        callId,
        requestId: `${callId}.${event.data.attempt}`,
        idempotencyKey: leased.grant.outgoingKey,
      },
      { secret, nowMs: this.tools.clock.now(), traceparent },
    );
    const { url, timeoutMs, serverErrorIs } = tool;
    const sending = this.tools.client.send(connection, { url, timeoutMs, serverErrorIs, ...request }, () =>
      this.maySend(event.data),
    );
    // The request has left and nobody knows yet what it did.
    await faultPoint('dispatch.request-sent');
    return this.answerFrom(await sending, event.tenant, callId);
  }

  private maySend({ call, attemptDeadline }: DataOf<typeof dispatchStarted>): boolean {
    const now = this.tools.clock.now();
    return this.permits.use(call.callId) && this.owner.isOwner && now < call.deadline && now < attemptDeadline;
  }

  private answerFrom(result: SendResult, tenant: string, callId: string): AttemptAnswer {
    switch (result.known) {
      case 'executed': {
        const inline = this.tools.sealer.seal(result.result, { tenant, callId });
        return { known: 'executed', httpStatus: result.httpStatus, result: { callId, inline } };
      }
      case 'not_sent':
        return { known: 'not_sent', code: result.code === 'permit_missed' ? 'internal_error' : result.code };
      default:
        return result;
    }
  }

  private async answered(event: Started, answer: AttemptAnswer): Promise<void> {
    const { call, attempt } = event.data;
    await faultPoint('dispatch.before-answer');
    if (this.owner.isOwner) {
      this.owner.submit('answered', { callId: call.callId, attempt, answer });
      return;
    }
    const { bus, clock, log } = this.tools;
    const told = await handOver(bus, this.owner.partition, event.tenant, call.callId, attempt, answer, clock.now());
    log.info('an answer was handed over', { ...logIds(call, event.trace), attempt, told });
  }
}

const takerOf = (callId: string, tenant: string, { call, terms }: LeasedCall): Taker => ({
  callId,
  tenant,
  tool: JSON.stringify([tenant, terms.scope, call.tool]),
});
