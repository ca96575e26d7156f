import type { EndingEvent } from '@tollgate/events';
import type { CountedEnding } from '../rows/rollup-rows.js';
import type { AuditTransaction } from './insert-rows.js';

/** How the calls that are resolved here were counted: read before their rows change. */
export async function countedBefore(
  trx: AuditTransaction,
  endings: readonly EndingEvent[],
): Promise<(tenant: string, callId: string) => CountedEnding | undefined> {
  const counted = new Map<string, CountedEnding>();
  for (const { type, tenant, data } of endings) {
    if (type !== 'resolved') continue;
    const before = await countedCall(trx, tenant, data.call.callId);
    if (before !== undefined) counted.set(keyOf(tenant, data.call.callId), before);
  }
  return (tenant, callId) => counted.get(keyOf(tenant, callId));
}

const keyOf = (tenant: string, callId: string): string => JSON.stringify([tenant, callId]);

async function countedCall(trx: AuditTransaction, tenant: string, callId: string): Promise<CountedEnding | undefined> {
  const row = await trx
    .selectFrom('calls')
    .select(['decision', 'policy_reason', 'spend_micros', 'ended_at'])
    .where('tenant', '=', tenant)
    .where('call_id', '=', callId)
    .where('in_doubt', '=', true)
    .executeTakeFirst();
  if (!row?.ended_at) return undefined;
  const { decision, policy_reason: reason, spend_micros: spendMicros, ended_at } = row;
  return { decision, reason, spendMicros, endedAt: ended_at.getTime() };
}
