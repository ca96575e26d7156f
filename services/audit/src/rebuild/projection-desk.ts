import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Bus, PROJECTIONS_SUBJECT, projectionQuestion, type ProjectionWord } from '@tollgate/journal';
import type { Logger, ServiceContext } from '@tollgate/runtime';
import { openDatabase, type AuditDatabase, type openRedis } from '@tollgate/store';
import { AUDIT_CONTEXT, REDIS } from '../audit.tokens.js';
import { Projections } from '../projections.js';
import { wipeProjections } from '../redis/wipe-projections.js';
import { rebuildRecord } from './rebuild-record.js';

/** Days of events are taken out in one go. */
const QUERY_LIMIT_MS = 900_000;

/** Answers an operator's questions about projections, and has them made anew. */
@Injectable()
export class ProjectionDesk implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger: Logger;
  /** Its own: projections do not wait for it. */
  private readonly db: AuditDatabase;
  private closed = false;

  constructor(
    @Inject(AUDIT_CONTEXT) { settings, logger }: ServiceContext,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(REDIS) private readonly redis: ReturnType<typeof openRedis>,
    @Inject(Projections) private readonly projections: Projections,
  ) {
    this.logger = logger;
    this.db = openDatabase(settings.databaseUrl, {
      name: 'tollgate-audit-rebuild',
      connections: 1,
      timeoutMs: QUERY_LIMIT_MS,
    });
  }

  onApplicationBootstrap(): void {
    this.bus.answer(PROJECTIONS_SUBJECT, async (text) => {
      const question = projectionQuestion.safeParse(parsed(text));
      if (!question.success || this.closed) return undefined;
      const word = question.data.does === 'list' ? await this.list() : await this.rebuild(question.data.what);
      return word === undefined ? undefined : JSON.stringify(word);
    });
  }

  onModuleDestroy(): void {
    this.closed = true;
    void this.db.destroy().catch(() => undefined);
  }

  private async list(): Promise<ProjectionWord> {
    const { lanes } = this.projections;
    const streams = [...new Set(lanes.flatMap(({ sources }) => sources.map(({ stream }) => stream)))];
    const ends = new Map(
      await Promise.all(streams.map(async (stream) => [stream, await this.bus.endOf(stream)] as const)),
    );
    const projections = lanes.flatMap((lane) =>
      lane.sources.map(({ name, stream }) => {
        const [stored, end] = [lane.reached(name), ends.get(stream) ?? 0];
        return {
          projection: lane.projection,
          source: name,
          state: lane.state,
          stored,
          behind: Math.max(0, end - stored),
        };
      }),
    );
    return { projections };
  }

  /** Undefined while another process is at it: that one answers. */
  private async rebuild(what: 'postgres' | 'redis'): Promise<ProjectionWord | undefined> {
    try {
      if (what === 'redis') {
        const keys = await wipeProjections(this.redis);
        this.logger.info('projections in Redis are made anew', { keys });
        return { rebuilds: 'everything' };
      }
      const sources = this.projections.lanes
        .filter(({ projection }) => projection === 'postgres')
        .flatMap((lane) => lane.sources);
      const rebuilt = await rebuildRecord(this.bus, this.db, sources, Date.now());
      if (rebuilt === 'busy') return undefined;
      if (rebuilt === 'nothing whole')
        return { failed: 'the journals hold no whole day (UTC) yet: nothing was changed' };
      const since = rebuilt.since === -Infinity ? undefined : new Date(rebuilt.since).toISOString();
      this.logger.info('the record is made anew', since === undefined ? {} : { since });
      return { rebuilds: since ?? 'everything' };
    } catch (error) {
      this.logger.warn('a projection could not be made anew', { what }, error);
      return { failed: `${what} could not be changed, see the log of audit: nothing was` };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
