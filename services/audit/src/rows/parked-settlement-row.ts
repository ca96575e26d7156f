import type { TollgateEvent } from '@tollgate/events';
import type { ParkedSettlementsTable } from '@tollgate/store';
import { isoTime, type Row } from './row.js';

export type ParkedSettlementRow = Row<ParkedSettlementsTable>;

export function parkedSettlementRows(event: TollgateEvent): readonly ParkedSettlementRow[] {
  if (event.type !== 'settlement-answered' || event.data.answer !== 'settled') return [];
  const { input, says, note } = event.data;
  const { stage, stream, seq, index: idx } = input;
  return [{ stage, stream, seq, idx, says, note: note ?? null, at: isoTime(event.at) }];
}
