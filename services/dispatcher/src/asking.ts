import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import type { ToolDocument } from '@tollgate/events';
import { contextOf, logIds, traceparentOf } from '@tollgate/stage';
import type { ReconcileWord } from './decide-reconciled.js';
import type { DispatchedCall } from './dispatch.state.js';
import { openSecrets, secretsAt } from './signing-secrets.js';
import { reconcileAnswer, reconcileRequest, type SendResult } from './tool-client/index.js';
import type { WorkTools } from './work-tools.js';

const NO_ANSWER: ReconcileWord = { says: 'unknown', httpStatus: null };

/**
 * One question to a tool's `reconcile_url`: has it done what it was asked under this key? It reads, so nothing of it is in
 * the journal before it leaves, it needs no permit, and who takes over asks it again.
 */
export class Asking {
  constructor(
    private readonly call: DispatchedCall,
    private readonly tool: ToolDocument | undefined,
    private readonly tools: WorkTools,
    /** The deadline and the ownership, asked right before the write. */
    private readonly mayAsk: () => boolean,
  ) {}

  /** What the tool said; `unknown` for whatever keeps it from saying anything. Never rejects. */
  async run(): Promise<ReconcileWord> {
    const url = this.tool?.reconcileUrl;
    if (this.tool === undefined || url === undefined) return NO_ANSWER;
    const span = this.startSpan();
    const word = await this.ask(this.tool, url, traceparentOf(span, this.call.trace)).catch((error: unknown) => {
      this.tools.log.error('a tool could not be asked', logIds(this.call.leased.call, this.call.trace), error);
      return NO_ANSWER;
    });
    endSpan(span, word);
    return word;
  }

  private async ask(tool: ToolDocument, url: string, traceparent: string | undefined): Promise<ReconcileWord> {
    const { client, sealer, clock } = this.tools;
    const { tenant, leased } = this.call;
    const secrets = openSecrets(sealer, tenant, tool);
    // Never an idle connection: one that has gone stale would use up a question.
    const prepared = await client.prepare(url, tool.timeoutMs);
    if (!prepared.ok) return NO_ANSWER;
    const inquiry = { tool: tool.name, callId: leased.call.callId, idempotencyKey: leased.grant.outgoingKey };
    const nowMs = clock.now();
    const signed = reconcileRequest(inquiry, { ...secretsAt(secrets, nowMs), nowMs, traceparent });
    const request = { url, timeoutMs: tool.timeoutMs, serverErrorIs: 'failed', ...signed } as const;
    return this.wordOf(await client.send(prepared.connection, request, this.mayAsk));
  }

  private wordOf(sent: SendResult): ReconcileWord {
    const { tenant, leased } = this.call;
    const { callId } = leased.call;
    const answer = reconcileAnswer(sent);
    const httpStatus = 'httpStatus' in sent ? sent.httpStatus : null;
    if (answer.status === 'unknown' || httpStatus === null) {
      const retryAfterMs = sent.known === 'refused' ? sent.retryAfterMs : undefined;
      return { says: 'unknown', httpStatus, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    if (answer.status === 'not_executed') return { says: 'not_executed', httpStatus };
    const inline = this.tools.sealer.seal(answer.result, { tenant, callId });
    return { says: 'executed', httpStatus, result: { callId, inline } };
  }

  private startSpan(): Span {
    const { leased, trace } = this.call;
    const span = this.tools.tracer.startSpan('reconcile POST', { kind: SpanKind.CLIENT }, contextOf(trace));
    return span.setAttributes({ 'http.request.method': 'POST', 'tollgate.call_id': leased.call.callId });
  }
}

function endSpan(span: Span, { says, httpStatus }: ReconcileWord): void {
  span.setAttribute('tollgate.says', says);
  if (httpStatus !== null) span.setAttribute('http.response.status_code', httpStatus);
  if (says === 'unknown') span.setStatus({ code: SpanStatusCode.ERROR, message: says });
  span.end();
}
