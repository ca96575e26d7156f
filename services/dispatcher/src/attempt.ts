import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import type { AttemptAnswer, EventOf, dispatchStarted, LeasedCall } from '@tollgate/events';
import { faultPoint } from '@tollgate/runtime';
import { contextOf, logIds, traceparentOf } from '@tollgate/stage';
import type { Ready } from './ready-calls.js';
import { secretsAt } from './signing-secrets.js';
import { dispatchRequest, type SendResult } from './tool-client/index.js';
import type { WorkTools } from './work-tools.js';

export type Started = EventOf<typeof dispatchStarted>;

/** One attempt whose `dispatch-started` is in the journal: one check, one write, and whatever the tool answers (rule 10). */
export class Attempt {
  /** The check has passed: from here on "not sent" may not be said of what fails (rule 7). */
  private mayHaveLeft = false;

  constructor(
    private readonly started: Started,
    private readonly leased: LeasedCall,
    private readonly ready: Ready,
    private readonly tools: WorkTools,
    /** The permit and the deadlines, asked right before the write of a request that bears this time stamp. */
    private readonly maySend: (stamp: number) => boolean,
  ) {}

  async run(): Promise<AttemptAnswer> {
    const span = this.startSpan();
    const answer = await this.send(traceparentOf(span, this.started.trace)).catch((error: unknown): AttemptAnswer => {
      this.tools.log.error('an attempt failed', logIds(this.started.data.call, this.started.trace), error);
      return this.mayHaveLeft
        ? { known: 'unknown', code: 'connection_lost', httpStatus: null }
        : { known: 'not_sent', code: 'internal_error' };
    });
    endSpan(span, answer);
    return answer;
  }

  private async send(traceparent: string | undefined): Promise<AttemptAnswer> {
    // Between the journal and the write: whoever stops here longer than the permit must not send.
    await faultPoint('dispatch.before-send');
    const { client } = this.tools;
    const { connection, tool } = this.ready;
    const { url, timeoutMs, serverErrorIs } = tool;
    const stamp = this.tools.clock.now();
    const request = { url, timeoutMs, serverErrorIs, ...this.request(traceparent, stamp) };
    const sending = client.send(connection, request, () => (this.mayHaveLeft = this.maySend(stamp)));
    // The request has left and nobody knows yet what it did.
    await faultPoint('dispatch.request-sent');
    return this.answerFrom(await sending);
  }

  private request(traceparent: string | undefined, nowMs: number) {
    const { tool, secrets, args } = this.ready;
    const { call, grant } = this.leased;
    const dispatch = {
      tool: tool.name,
      agent: call.agent,
      args,
      runId: call.runId,
      callId: call.callId,
      requestId: `${call.callId}.${this.started.data.attempt}`,
      idempotencyKey: grant.outgoingKey,
    };
    return dispatchRequest(dispatch, { ...secretsAt(secrets, nowMs), nowMs, traceparent });
  }

  private answerFrom(result: SendResult): AttemptAnswer {
    const { callId } = this.leased.call;
    switch (result.known) {
      case 'executed': {
        const inline = this.tools.sealer.seal(result.result, { tenant: this.started.tenant, callId });
        return { known: 'executed', httpStatus: result.httpStatus, result: { callId, inline } };
      }
      case 'not_sent': {
        // A missed permit or a pooled connection gone stale is ours, and uses up no try.
        const ours = result.code === 'permit_missed' || this.ready.pooled;
        return { known: 'not_sent', code: ours ? 'internal_error' : 'connect_failed' };
      }
      default:
        return result;
    }
  }

  private startSpan(): Span {
    const { call, attempt } = this.started.data;
    const span = this.tools.tracer.startSpan('dispatch POST', { kind: SpanKind.CLIENT }, contextOf(this.started.trace));
    span.setAttributes({ 'http.request.method': 'POST', 'tollgate.call_id': call.callId, 'tollgate.attempt': attempt });
    return span;
  }
}

function endSpan(span: Span, answer: AttemptAnswer): void {
  span.setAttribute('tollgate.known', answer.known);
  if ('httpStatus' in answer && answer.httpStatus !== null) {
    span.setAttribute('http.response.status_code', answer.httpStatus);
  }
  if (answer.known !== 'executed') span.setStatus({ code: SpanStatusCode.ERROR, message: answer.known });
  span.end();
}
