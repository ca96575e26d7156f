import type { Migration } from 'kysely/migration';
import { firstTables } from './2026-11-21-first-tables.js';
import { reads } from './2026-11-22-reads.js';
import { usage } from './2026-11-23-usage.js';
import { wouldBlock } from './2026-11-24-would-block.js';
import { parkedSettlements } from './2026-11-25-parked-settlements.js';
import { longDurations } from './2026-11-26-long-durations.js';

/** In the order of their names. A migration that was released is never edited: a new one is one file and one line here. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '2026-11-21-first-tables': firstTables,
  '2026-11-22-reads': reads,
  '2026-11-23-usage': usage,
  '2026-11-24-would-block': wouldBlock,
  '2026-11-25-parked-settlements': parkedSettlements,
  '2026-11-26-long-durations': longDurations,
};
