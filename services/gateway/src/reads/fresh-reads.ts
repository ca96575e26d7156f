import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import type { Freshness } from './freshness.js';
import { fromStore } from './store-error.js';

/** Queries of the record that keep to the freshness rule. */
export class FreshReads {
  constructor(
    private readonly database: AuditDatabase,
    private readonly freshness: Pick<Freshness, 'lagSec'>,
  ) {}

  /** Waits for the projection, says in a header how far it is behind, and queries. */
  async read<T>(tenant: string, reply: FastifyReply, query: (database: AuditDatabase) => Promise<T>): Promise<T> {
    const lag = await this.freshness.lagSec(tenant);
    if (lag !== undefined) void reply.header('X-Tollgate-Lag', String(lag));
    return this.readNow(query);
  }

  /** The same where no header can say how old the answer is. */
  async readCaughtUp<T>(tenant: string, query: (database: AuditDatabase) => Promise<T>): Promise<T> {
    await this.freshness.lagSec(tenant);
    return this.readNow(query);
  }

  /** Without waiting: for those who look again and again. */
  readNow<T>(query: (database: AuditDatabase) => Promise<T>): Promise<T> {
    return fromStore(() => query(this.database));
  }
}
