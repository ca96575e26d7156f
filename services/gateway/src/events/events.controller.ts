import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { eventsDocs, postEventDocs } from './events.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { activeTraceparent } from '../http/request-span.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { eventsQuery, type EventsQuery } from './events.schema.js';
import { listedEvent, newestOf } from './feed.js';
import { Following } from './following.js';
import { noteBody, type NoteBody } from './note.schema.js';
import { Notes } from './notes.js';

/** Contract section 8: what was decided, and what clients add to timelines. */
@Controller('v1/events')
export class EventsController {
  constructor(
    @Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>,
    @Inject(Following) private readonly following: Following,
    @Inject(Notes) private readonly notes: Notes,
  ) {}

  @Documented(eventsDocs)
  @Get()
  async list(
    @TheCaller() { tenant }: Caller,
    @Query({ schema: eventsQuery }) { after, ...page }: EventsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const found =
      after === undefined
        ? await this.reads.read(tenant, (database) => newestOf(database, tenant, page))
        : await this.following.page(tenant, { after, ...page });
    return withLag(reply, found).map(listedEvent);
  }

  @Documented(postEventDocs)
  @Post()
  @ForAgents()
  @HttpCode(200)
  async post(
    @TheCaller() caller: Caller,
    @Body({ schema: noteBody }) sent: NoteBody,
    @Headers('idempotency-key') header: string | undefined,
  ) {
    const idempotencyKey = idempotencyKeyOf(header);
    const event_id = await this.notes.post({ caller, sent, idempotencyKey, trace: activeTraceparent() });
    return { ok: true, event_id, run_id: sent.run_id };
  }
}
