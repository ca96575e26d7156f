import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ForAgents, TheCaller } from '../auth/access.js';
import {
  cancelDocs,
  completeDocs,
  extendDocs,
  failDocs,
  leaseDocs,
  resetDocs,
  resultDocs,
  statusDocs,
} from './tasks.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import type { JsonObject } from '../http/json-reader.js';
import { activeTraceparent } from '../http/request-span.js';
import { Tasks } from './tasks.js';
import {
  cancelBody,
  completeBody,
  extendBody,
  failBody,
  keyQuery,
  leaseBody,
  resetBody,
  type CancelBody,
  type CompleteBody,
  type ExtendBody,
  type FailBody,
  type KeyQuery,
  type LeaseBody,
  type ResetBody,
} from './tasks.schema.js';

/** Contract section 2: a key is leased, worked on, and finished once. */
@Controller('v1/ai')
export class TasksController {
  constructor(@Inject(Tasks) private readonly tasks: Tasks) {}

  @Documented(leaseDocs)
  @Post('lease')
  @ForAgents()
  @HttpCode(200)
  lease(
    @TheCaller() caller: Caller,
    @Body({ schema: leaseBody }) sent: LeaseBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<JsonObject> {
    const trace = activeTraceparent();
    return this.tasks.lease({ caller, trace, idempotencyKey: idempotencyKeyOf(idempotencyKey) }, sent);
  }

  @Documented(statusDocs)
  @Get('status')
  @ForAgents()
  status(@TheCaller() caller: Caller, @Query({ schema: keyQuery }) { key }: KeyQuery): Promise<JsonObject> {
    return this.tasks.status(caller, key);
  }

  @Documented(resultDocs)
  @Get('result')
  @ForAgents()
  result(@TheCaller() caller: Caller, @Query({ schema: keyQuery }) { key }: KeyQuery): Promise<JsonObject> {
    return this.tasks.result(caller, key);
  }

  @Documented(extendDocs)
  @Post('extend')
  @ForAgents()
  @HttpCode(200)
  extend(@TheCaller() caller: Caller, @Body({ schema: extendBody }) sent: ExtendBody): Promise<JsonObject> {
    return this.tasks.extend({ caller, trace: activeTraceparent() }, sent);
  }

  @Documented(completeDocs)
  @Post('complete')
  @ForAgents()
  @HttpCode(200)
  complete(@TheCaller() caller: Caller, @Body({ schema: completeBody }) sent: CompleteBody): Promise<JsonObject> {
    return this.tasks.complete({ caller, trace: activeTraceparent() }, sent);
  }

  @Documented(failDocs)
  @Post('fail')
  @ForAgents()
  @HttpCode(200)
  fail(@TheCaller() caller: Caller, @Body({ schema: failBody }) sent: FailBody): Promise<JsonObject> {
    return this.tasks.fail({ caller, trace: activeTraceparent() }, sent);
  }

  @Documented(cancelDocs)
  @Post('cancel')
  @ForAgents()
  @HttpCode(200)
  cancel(@TheCaller() caller: Caller, @Body({ schema: cancelBody }) sent: CancelBody): Promise<JsonObject> {
    return this.tasks.cancel({ caller, trace: activeTraceparent() }, sent);
  }

  @Documented(resetDocs)
  @Post('reset')
  @HttpCode(200)
  reset(@TheCaller() caller: Caller, @Body({ schema: resetBody }) sent: ResetBody): Promise<JsonObject> {
    return this.tasks.reset({ caller, trace: activeTraceparent() }, sent);
  }
}
