import { openDatabase } from '@tollgate/store';
import type { EndingEvent } from '@tollgate/events';
import { eventually, type Answer, type Installation, type Received } from '../harness/index.js';
import { Ledger } from './ledger.js';

/**
 * G2 after any disaster: whatever was accepted has exactly one ending, in the journals and in Postgres; it can be read,
 * it is what the client was told, and the tool did what it says. Answers the journals for more questions.
 */
export async function expectEachCallEndedOnce(
  tollgate: Installation,
  told: readonly Answer[],
  partitions = 1,
): Promise<Ledger> {
  const ledger = await settled(tollgate, partitions);
  const endings = ledger.endings();
  const accepted = new Set(ledger.requested);
  expect([...endings.keys()].filter((callId) => !accepted.has(callId))).toEqual([]);
  expect([...accepted].filter((callId) => endings.get(callId)?.length !== 1)).toEqual([]);
  expect(ledger.strangers()).toEqual([]);
  expect(await storedEndings(tollgate, accepted.size)).toEqual(new Map([...accepted].map((callId) => [callId, 1])));
  const ended = new Map([...endings].map(([callId, [ending]]) => [callId, ending as EndingEvent]));
  expectTold(ended, told);
  expectDone(ended, tollgate.tool.received);
  return ledger;
}

/** The journals once every accepted call has ended in them. */
async function settled(tollgate: Installation, partitions: number): Promise<Ledger> {
  let ledger = await Ledger.read(tollgate.nats.url, partitions);
  await eventually(
    'every accepted call has ended',
    async () => {
      ledger = await Ledger.read(tollgate.nats.url, partitions);
      const endings = ledger.endings();
      return ledger.requested.every((callId) => endings.has(callId));
    },
    30_000,
    200,
  );
  return ledger;
}

/** Call → how many ending events of it Postgres holds, once the projection knows as many calls. */
async function storedEndings(tollgate: Installation, calls: number): Promise<ReadonlyMap<string, number>> {
  const database = openDatabase(tollgate.postgres.url, { name: 'test', connections: 1, timeoutMs: 5_000 });
  let stored: ReadonlyMap<string, number> = new Map();
  try {
    await eventually(
      'the projection has caught up',
      async () => {
        const rows = await database
          .selectFrom('events')
          .select((row) => ['call_id', row.fn.countAll().as('endings')])
          .where('type', 'in', ['blocked', 'deduplicated', 'executed', 'in-doubt', 'failed'])
          .groupBy('call_id')
          .execute();
        stored = new Map(rows.map(({ call_id, endings }) => [call_id ?? '', Number(endings)]));
        return stored.size >= calls;
      },
      15_000,
      200,
    );
    return stored;
  } finally {
    await database.destroy();
  }
}

/** Nobody was told anything but what stands in the journals. */
function expectTold(ended: ReadonlyMap<string, EndingEvent>, told: readonly Answer[]): void {
  const answers = told.filter(({ status }) => status === 200).map(({ body }) => body);
  const wrong = answers.flatMap(({ call_id, decision, policy_reason }) => {
    const outcome = ended.get(call_id)?.data.outcome;
    const same = outcome?.decision === decision && outcome?.reason === policy_reason;
    return same ? [] : [{ call_id, decision, policy_reason, outcome }];
  });
  expect(wrong).toEqual([]);
}

/** The tool's own count agrees: one request for what it answered, none for what did not get there. */
function expectDone(ended: ReadonlyMap<string, EndingEvent>, received: readonly Received[]): void {
  const reached = Map.groupBy(received, ({ body }) => body.call_id);
  const wrong = [...ended].flatMap(([callId, { data }]) => {
    const count = reached.get(callId)?.length ?? 0;
    return mayHaveReached(data.outcome).includes(count) ? [] : [{ callId, count, outcome: data.outcome }];
  });
  expect(wrong).toEqual([]);
}

/** How often a call that ended so may have reached a tool that is not tried again. */
function mayHaveReached({ decision, reason, httpStatus, originalCallId }: EndingEvent['data']['outcome']): number[] {
  if (decision === 'executed' || typeof httpStatus === 'number') return [1];
  return reason === 'outcome_unknown' && originalCallId === undefined ? [0, 1] : [0];
}

/** For each set of arguments the tool was called once at most: whatever crashed, nothing was done twice (G1). */
export function expectNothingDoneTwice(received: readonly Received[]): void {
  const perAction = Map.groupBy(received, ({ path, body }) => `${path} ${body.agent_id} ${JSON.stringify(body.args)}`);
  expect([...perAction].filter(([, requests]) => requests.length > 1).map(([action]) => action)).toEqual([]);
}
