import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { CallsTable } from '@tollgate/store';
import { ForAgents, TheCaller } from '../auth/access.js';
import { coversAll, mustCover, type Caller } from '../auth/caller.js';
import { notFound } from '../http/contract-error.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { Results } from '../run/results.js';
import { callById, callsOf } from './call-records.js';
import { listedCall, resultOf, rowAnswer } from './call-row.js';
import { callPath, callsQuery, resolveBody, type CallPath, type CallsQuery, type ResolveBody } from './calls.schema.js';
import { Resolutions } from './resolutions.js';

/** Contract 3.1, the calls themselves. */
@Controller('v1/calls')
export class CallsController {
  constructor(
    @Inject(FreshReads) private readonly reads: FreshReads,
    @Inject(Results) private readonly results: Results,
    @Inject(Resolutions) private readonly resolutions: Resolutions,
  ) {}

  @Get()
  @ForAgents()
  async list(
    @TheCaller() caller: Caller,
    @Query({ schema: callsQuery }) query: CallsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (query.agent_id !== undefined) mustCover(caller, query.agent_id);
    const agents = coversAll(caller) ? undefined : caller.agents;
    const rows = await this.reads.read(caller.tenant, reply, (database) =>
      callsOf(database, caller.tenant, query, agents),
    );
    return rows.map(listedCall);
  }

  @Get(':call_id')
  @ForAgents()
  async one(
    @TheCaller() caller: Caller,
    @Param({ schema: callPath }) { call_id }: CallPath,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const row = await this.rowOf(caller, call_id, reply);
    return rowAnswer(row, await this.results.open(caller.tenant, resultOf(row)));
  }

  @Post(':call_id/resolve')
  @HttpCode(200)
  async resolve(
    @TheCaller() caller: Caller,
    @Param({ schema: callPath }) { call_id }: CallPath,
    @Body({ schema: resolveBody }) word: ResolveBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.resolutions.resolve(caller, await this.rowOf(caller, call_id, reply), word);
  }

  private async rowOf(caller: Caller, callId: string, reply: FastifyReply): Promise<CallsTable> {
    const row = await this.reads.read(caller.tenant, reply, (database) => callById(database, caller.tenant, callId));
    if (row === undefined) throw notFound('not_found', 'There is no such call');
    mustCover(caller, row.agent);
    return row;
  }
}
