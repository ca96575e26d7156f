import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { ForAgents, TheCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { activeTraceparent } from '../http/request-span.js';
import type { FastifyReply } from 'fastify';
import type { AnsweredCall, CallAnswer } from './call-answer.js';
import { RunRequests } from './run-requests.js';
import { runBody, type RunBody } from './run.schema.js';

/** Contract section 3. */
@Controller('v1/ai/run')
export class RunController {
  constructor(@Inject(RunRequests) private readonly runs: RunRequests) {}

  @Post()
  @ForAgents()
  @HttpCode(200)
  async run(
    @TheCaller() caller: Caller,
    @Body({ schema: runBody }) sent: RunBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CallAnswer> {
    const request = { caller, sent, idempotencyKey, prefer, trace: activeTraceparent() };
    const { status, body } = await this.runs.run(request, ({ call }) => {
      nameInSpan(call);
    });
    if (status === 202) {
      void reply
        .code(status)
        .header('Location', `/v1/calls/${body.call_id}`)
        .header('Preference-Applied', 'respond-async');
    }
    return body;
  }
}

function nameInSpan({ callId, runId }: AnsweredCall): void {
  trace.getActiveSpan()?.setAttributes({ 'tollgate.call_id': callId, 'tollgate.run_id': runId });
}
