import type { EndingEvent } from '@tollgate/events';
import type { CountedBefore, CountedEnding } from '../rows/rollup-rows.js';
import type { TableTransaction } from './table-store.js';

/** How the calls that are resolved here were counted: read before their rows change. */
export async function countedBefore(
  trx: Pick<TableTransaction, 'countedCall'>,
  endings: readonly EndingEvent[],
): Promise<CountedBefore> {
  const counted = new Map<string, CountedEnding | 'as resolved'>();
  for (const { type, tenant, data } of endings) {
    if (type !== 'resolved') continue;
    const before = await trx.countedCall(tenant, data.call.callId);
    if (before !== undefined) counted.set(keyOf(tenant, data.call.callId), before);
  }
  return (tenant, callId) => counted.get(keyOf(tenant, callId));
}

const keyOf = (tenant: string, callId: string): string => JSON.stringify([tenant, callId]);
