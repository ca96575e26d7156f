import type { ParkedInputsTable, ParkedSettlementsTable } from '@tollgate/store';
import { withDatabase } from './servers.js';

const MOST = 1_000;

type ParkedRow = ParkedInputsTable &
  Partial<{ says: ParkedSettlementsTable['says'] | null; note: string | null; settled_at: Date | null }>;

/** Inputs that a stage could not decide: where they lie and why, never their text; those that nobody has settled. */
export async function listParked(all: boolean) {
  return await withDatabase(async (database) => {
    const rows = await database
      .selectFrom('parked_inputs')
      .leftJoin('parked_settlements as said', (join) =>
        join
          .onRef('said.stage', '=', 'parked_inputs.stage')
          .onRef('said.stream', '=', 'parked_inputs.stream')
          .onRef('said.seq', '=', 'parked_inputs.seq')
          .onRef('said.idx', '=', 'parked_inputs.idx'),
      )
      .selectAll('parked_inputs')
      .select(['said.says', 'said.note', 'said.at as settled_at'])
      .$if(!all, (query) => query.where('said.says', 'is', null))
      .orderBy('parked_inputs.at')
      .orderBy('parked_inputs.seq')
      .limit(MOST)
      .execute();
    return rows.map(shown);
  });
}

const shown = ({ at, says, note, settled_at, ...row }: ParkedRow) => ({
  id: `${row.stage}:${row.stream}:${String(row.seq)}:${String(row.idx)}`,
  ...row,
  at: at.toISOString(),
  ...(says === null || says === undefined
    ? {}
    : { settled: says, note, settled_at: settled_at?.toISOString() ?? null }),
});

/** One of them, by the id that the list shows. */
export async function findParked(id: string): Promise<ParkedInputsTable | undefined> {
  const [, stage, stream, seq, idx] = /^(\w+):([\w-]+):(\d+):(\d+)$/.exec(id) ?? [];
  if (stage === undefined || stream === undefined) return undefined;
  return await withDatabase((database) =>
    database
      .selectFrom('parked_inputs')
      .selectAll()
      .where('stage', '=', stage)
      .where('stream', '=', stream)
      .where('seq', '=', Number(seq))
      .where('idx', '=', Number(idx))
      .executeTakeFirst(),
  );
}

/** Whether the record shows that its call is over. */
export async function hasEnded({ tenant, call_id }: ParkedInputsTable): Promise<boolean> {
  if (call_id === null) return false;
  const ended = await withDatabase((database) =>
    database
      .selectFrom('calls')
      .select('call_id')
      .where('tenant', '=', tenant)
      .where('call_id', '=', call_id)
      .where('ended_id', 'is not', null)
      .where('in_doubt', '=', false)
      .executeTakeFirst(),
  );
  return ended !== undefined;
}
