import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { checkLockDocs } from './locks.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { activeTraceparent } from '../http/request-span.js';
import { lockBody, type LockBody } from './locks.schema.js';
import { Locks } from './locks.js';

/** Contract section 1. */
@Controller('v1/check-lock')
export class LocksController {
  constructor(@Inject(Locks) private readonly locks: Locks) {}

  @Documented(checkLockDocs)
  @Post()
  @ForAgents()
  @HttpCode(200)
  async checkLock(
    @TheCaller() caller: Caller,
    @Body({ schema: lockBody }) sent: LockBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { caller, trace: activeTraceparent(), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const answer = await this.locks.check(request, sent);
    void reply.header('X-OnceOnly-Status', answer.status);
    return answer;
  }
}
