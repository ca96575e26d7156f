import type { AuditDatabase, CallsTable } from '@tollgate/store';
import type { ExpressionBuilder } from 'kysely';
import type { AuditTables } from '@tollgate/store';
import { coveredAgents } from '../reads/covered-agents.js';
import type { CallsQuery } from './calls.schema.js';

/** Newest first; `agents` bounds it to those that a key covers, undefined is all. */
export function callsOf(
  database: AuditDatabase,
  tenant: string,
  query: CallsQuery,
  agents: readonly string[] | undefined,
): Promise<CallsTable[]> {
  const { agent_id, limit, offset } = query;
  const ofAgents = agent_id === undefined ? agents : [agent_id];
  const wanted = matching(tenant, query);
  if (ofAgents === undefined) {
    return database
      .selectFrom('calls')
      .selectAll()
      .where(wanted)
      .orderBy('requested_id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute();
  }
  return database
    .selectFrom(coveredAgents(ofAgents))
    .innerJoinLateral(
      (of) =>
        of
          .selectFrom('calls')
          .selectAll('calls')
          .where(wanted)
          .whereRef('calls.agent', '=', 'covered.agent')
          .orderBy('calls.requested_id', 'desc')
          .limit(limit + offset)
          .as('one'),
      (join) => join.onTrue(),
    )
    .selectAll('one')
    .orderBy('one.requested_id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
}

const matching =
  (tenant: string, { status }: CallsQuery) =>
  (call: ExpressionBuilder<Pick<AuditTables, 'calls'>, 'calls'>) =>
    call.and([
      call('calls.tenant', '=', tenant),
      ...(status === 'in_doubt' ? [call('calls.in_doubt', '=', true)] : []),
      ...(status === 'in_progress' ? [call('calls.ended_id', 'is', null)] : []),
    ]);

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
    .orderBy('ended_at', 'desc')
    .orderBy('ended_id', 'desc')
    .limit(limit)
    .execute();
