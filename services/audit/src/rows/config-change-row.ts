import type { TollgateEvent } from '@tollgate/events';
import type { ConfigChangesTable } from '@tollgate/store';
import { clearData } from './clear-data.js';
import { isoTime, type Row } from './row.js';

export const configChangeRow = (seq: number, event: TollgateEvent): Row<ConfigChangesTable> => ({
  seq,
  tenant: event.tenant,
  type: event.type,
  by: 'by' in event.data ? (event.data.by ?? '-') : '-',
  at: isoTime(event.at),
  data: clearData(event),
});
