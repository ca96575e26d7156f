import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AuditDatabase } from '@tollgate/store';
import { ForAgents, TheCaller } from '../auth/access.js';
import { callDocs, callsDocs, resolveDocs } from './calls.docs.js';
import { Documented } from '../openapi/documented.js';
import { mustCover, type Caller } from '../auth/caller.js';
import { activeTraceparent } from '../http/request-span.js';
import { boundsOf } from '../reads/covered-agents.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { callsOf } from './call-records.js';
import { listedCall } from './call-row.js';
import { callPath, callsQuery, resolveBody, type CallPath, type CallsQuery, type ResolveBody } from './calls.schema.js';
import { RecordedCalls } from './recorded-calls.js';

/** Contract 3.1, the calls themselves. */
@Controller('v1/calls')
export class CallsController {
  constructor(
    @Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>,
    @Inject(RecordedCalls) private readonly calls: RecordedCalls,
  ) {}

  @Documented(callsDocs)
  @Get()
  @ForAgents()
  async list(
    @TheCaller() caller: Caller,
    @Query({ schema: callsQuery }) query: CallsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (query.agent_id !== undefined) mustCover(caller, query.agent_id);
    const rows = await this.reads.read(caller.tenant, (database) =>
      callsOf(database, caller.tenant, query, boundsOf(caller)),
    );
    return withLag(reply, rows).map(listedCall);
  }

  @Documented(callDocs)
  @Get(':call_id')
  @ForAgents()
  async one(
    @TheCaller() caller: Caller,
    @Param({ schema: callPath }) { call_id }: CallPath,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return withLag(reply, await this.calls.one(caller, call_id));
  }

  @Documented(resolveDocs)
  @Post(':call_id/resolve')
  @HttpCode(200)
  async resolve(
    @TheCaller() caller: Caller,
    @Param({ schema: callPath }) { call_id }: CallPath,
    @Body({ schema: resolveBody }) word: ResolveBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return withLag(reply, await this.calls.resolve(caller, call_id, word, activeTraceparent()));
  }
}
