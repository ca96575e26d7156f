import type { AuditDatabase, CallsTable } from '@tollgate/store';
import type { CallsQuery } from './calls.schema.js';

/** Newest first; `agents` bounds it to those that a key covers, undefined is all. */
export function callsOf(
  database: AuditDatabase,
  tenant: string,
  { status, agent_id, limit, offset }: CallsQuery,
  agents: readonly string[] | undefined,
): Promise<CallsTable[]> {
  let query = database.selectFrom('calls').selectAll().where('tenant', '=', tenant);
  if (status === 'in_doubt') query = query.where('in_doubt', '=', true);
  if (status === 'in_progress') query = query.where('ended_id', 'is', null);
  if (agent_id !== undefined) query = query.where('agent', '=', agent_id);
  if (agents !== undefined) query = query.where('agent', 'in', [...agents]);
  return query.orderBy('requested_id', 'desc').limit(limit).offset(offset).execute();
}

/** Ended calls of one agent, the newest end first. */
export const logOf = (
  database: AuditDatabase,
  tenant: string,
  agent: string,
  since: Date,
  limit: number,
): Promise<CallsTable[]> =>
  database
    .selectFrom('calls')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('agent', '=', agent)
    .where('ended_id', 'is not', null)
    .where('ended_at', '>', since)
    .orderBy('ended_id', 'desc')
    .limit(limit)
    .execute();
