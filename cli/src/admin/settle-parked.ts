import { randomUUID } from 'node:crypto';
import {
  ENDING_TYPES,
  finish,
  partitionOf,
  settlementRequested,
  type EventOf,
  type Settlement,
  type settlementAnswered,
} from '@tollgate/events';
import { callsSubject, journalStream, MARK_HEADER, partitionsOf, readBatch, type Bus } from '@tollgate/journal';
import type { ParkedInputsTable } from '@tollgate/store';
import { AwayError } from './away-error.js';
import { findParked, hasEnded } from './parked.js';
import { withBus } from './servers.js';

const LIMIT_MS = 10_000;

/** What a stage may hold something for, until it hears of it. */
const ENDINGS: readonly string[] = [...ENDING_TYPES, 'hold-ended'];

type Says = Settlement['says'];
type ParkedInput = Pick<ParkedInputsTable, 'call_id' | 'code' | 'source' | 'input_type'>;

/**
 * Whether it may be the end of its call. A word of another release, which nobody here knows, may be one of the dispatcher's,
 * who says where a call is still open; of the other stages it is where the record shows that the call has ended.
 */
export const mayHaveEnded = ({ call_id, code, source, input_type }: ParkedInput, isRecorded: boolean): boolean =>
  call_id !== null &&
  (ENDINGS.includes(input_type ?? '') || (code === 'unknown_type' && (source === 'dispatch' || isRecorded)));

/** An operator's word about a parked input: it is settled, and what a stage still holds for its call is let go. */
export async function settleParked(id: string, says: Says, note: string | undefined) {
  const row = await findParked(id);
  if (row === undefined) throw new Error(`there is no parked input "${id}": see \`npx tollgate admin parked list\``);
  const { stage, stream, seq, idx: index, tenant, call_id } = row;
  if (says !== 'nothing' && !mayHaveEnded(row, await hasEnded(row)))
    throw new Error('it is not known to be the end of a call, and the record shows none: only `nothing` fits');
  const word: Settlement = {
    commandId: `cmd_${randomUUID()}`,
    input: { stage, stream, seq, index },
    ...(call_id === null ? {} : { callId: call_id }),
    says,
    ...(note === undefined ? {} : { note }),
  };
  const answer = await withBus((bus) => decided(bus, tenant, word));
  if (answer === 'still_open')
    throw new Error(
      `the call ${call_id ?? ''} has not ended yet: resolve it, or wait for its end (POST /v1/calls/…/resolve)`,
    );
  return { id, settled: says, ...(note === undefined ? {} : { note }) };
}

/** Puts the word into CALLS, and reads the journal of the dispatcher until it has answered. */
async function decided(bus: Bus, tenant: string, word: Settlement): Promise<'settled' | 'still_open'> {
  const partition = partitionOf(tenant, await partitionsOf(bus));
  const stream = journalStream('dispatch', partition);
  const heard = Promise.withResolvers<'settled' | 'still_open'>();
  const reader = await bus.read({
    stream,
    after: await bus.endOf(stream),
    onMessage: ({ data }) => {
      const answer = readBatch(data).events.find((event) => isAnswerTo(event, word.commandId));
      if (answer !== undefined) heard.resolve((answer as EventOf<typeof settlementAnswered>).data.answer);
    },
    onError: heard.reject,
  });
  const timer = setTimeout(() => {
    heard.reject(new AwayError('the dispatcher does not answer: see that it runs, and repeat this'));
  }, LIMIT_MS);
  try {
    const event = finish(settlementRequested.draft(tenant, word), 0, Date.now());
    const body = new TextEncoder().encode(JSON.stringify(event));
    await bus.append(callsSubject(partition, 'dispatcher'), body, {}, LIMIT_MS, { [MARK_HEADER]: word.commandId });
    return await heard.promise;
  } finally {
    clearTimeout(timer);
    await reader.stop();
  }
}

const isAnswerTo = (event: unknown, commandId: string): boolean => {
  const { type, data } = event as { type?: string; data?: { commandId?: string } };
  return type === 'settlement-answered' && data?.commandId === commandId;
};
