import { withDatabase } from './servers.js';

/** Inputs that a stage could not decide: where they lie and why, never their text. */
export async function listParked() {
  return await withDatabase(async (database) => {
    const rows = await database
      .selectFrom('parked_inputs')
      .selectAll()
      .orderBy('at')
      .orderBy('seq')
      .limit(1000)
      .execute();
    return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  });
}
