import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { runDocs } from './run.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import type { JsonObject } from '../http/json-reader.js';
import { activeTraceparent } from '../http/request-span.js';
import { Jobs } from '../tasks/jobs.js';
import type { AnsweredCall, CallAnswer } from './call-answer.js';
import { RunRequests, type RunRequest } from './run-requests.js';
import { runBody, type RunSent } from './run.schema.js';

/** Contract section 3. */
@Controller('v1/ai/run')
export class RunController {
  constructor(
    @Inject(RunRequests) private readonly runs: RunRequests,
    @Inject(Jobs) private readonly jobs: Jobs,
  ) {}

  @Documented(runDocs)
  @Post()
  @ForAgents()
  @HttpCode(200)
  async run(
    @TheCaller() caller: Caller,
    @Body({ schema: runBody }) sent: RunSent,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CallAnswer | JsonObject> {
    const traced = { caller, trace: activeTraceparent() };
    if (sent.mode === 'key')
      return this.jobs.run({ ...traced, idempotencyKey: idempotencyKeyOf(idempotencyKey) }, sent);
    return this.call({ ...traced, sent: sent.call, idempotencyKey, prefer }, reply);
  }

  private async call(request: RunRequest, reply: FastifyReply): Promise<CallAnswer> {
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
