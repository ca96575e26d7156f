import { openDatabase } from '@tollgate/store';

const DAY_MS = 86_400_000;

/** Makes a call one that ended days ago, on the record. */
export async function endedAgo(postgresUrl: string, callId: string, days: number): Promise<void> {
  const database = openDatabase(postgresUrl, { name: 'contract', connections: 1, timeoutMs: 5_000 });
  try {
    await database
      .updateTable('calls')
      .set({ ended_at: new Date(Date.now() - days * DAY_MS) })
      .where('call_id', '=', callId)
      .execute();
  } finally {
    await database.destroy();
  }
}
