import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { ForAgents, TheCaller } from '../auth/access.js';
import { mustCover, type Caller } from '../auth/caller.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { activeTraceparent } from '../http/request-span.js';
import type { FastifyReply } from 'fastify';
import { inProgressAnswer, type CallAnswer } from './call-answer.js';
import { GovernedCalls } from './governed-calls.js';
import { runBody, type RunBody } from './run.schema.js';
import { asyncPatienceMs } from './prefer.js';

/** Contract section 3. */
@Controller('v1/ai/run')
export class RunController {
  constructor(@Inject(GovernedCalls) private readonly calls: GovernedCalls) {}

  @Post()
  @ForAgents()
  @HttpCode(200)
  async run(
    @TheCaller() caller: Caller,
    @Body({ schema: runBody }) sent: RunBody,
    @Headers('idempotency-key') idempotencyHeader: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CallAnswer> {
    mustCover(caller, sent.agent_id);
    const idempotencyKey = idempotencyKeyOf(idempotencyHeader, sent.idempotency_key);
    const patienceMs = asyncPatienceMs(prefer);
    const respondAsync = patienceMs !== undefined;
    const asked = { caller, sent, idempotencyKey, trace: activeTraceparent(), respondAsync };
    const accepted = await this.calls.accept(asked);
    trace
      .getActiveSpan()
      ?.setAttributes({ 'tollgate.call_id': accepted.call.callId, 'tollgate.run_id': accepted.call.runId });
    if (!respondAsync) return accepted.answer();
    const answer = await accepted.within(patienceMs);
    if (answer !== undefined) return answer;
    void reply
      .code(202)
      .header('Location', `/v1/calls/${accepted.call.callId}`)
      .header('Preference-Applied', 'respond-async');
    return inProgressAnswer(accepted.call);
  }
}
