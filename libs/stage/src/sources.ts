import type { JournalName } from '@tollgate/events';
import {
  BusError,
  journalStream,
  keptSubject,
  type MessageBus,
  type Position,
  type Reader,
  type StoredMessage,
} from '@tollgate/journal';
import { inputsOf, type SourceInput } from './input.js';
import type { Source } from './stage-definition.js';

export interface OpenSource {
  readonly source: Source;
  readonly stream: string;
  readonly subject: string | undefined;
  readonly reader: Reader;
}

/**
 * Reads on behind a position. A position whose message is gone or bears another mark means a lost tail, a stream made
 * anew or a purge that ran ahead: inputs would be missed or taken twice, so the stage stops with a clear word (rule 3).
 */
export async function openSource(
  bus: MessageBus,
  source: Source,
  partition: number,
  after: Position | undefined,
  monotonic: () => number,
  take: (inputs: SourceInput[], end: Position) => void,
  onError: (error: Error) => void,
): Promise<OpenSource> {
  const stream = source.stream(partition);
  const subject = source.subject?.(partition);
  let isFirst = true;
  const reader = await bus.read({
    stream,
    ...(subject === undefined ? {} : { subject }),
    after: after === undefined ? 0 : after.seq - 1,
    onMessage: (message: StoredMessage) => {
      const { inputs, end } = inputsOf(source, stream, message, after, monotonic());
      const fits = !isFirst || beginsAsAsked(source, after, end);
      isFirst = false;
      if (fits) take(inputs, end);
      else onError(goesOnElsewhere(stream, after, end));
    },
    onError,
  });
  // Not before there is a reader: what becomes of the stream from here on ends that.
  await verifyPosition(bus, source, stream, after);
  return { source, stream, subject, reader };
}

/** A journal begins at its first message, or was purged by those who said what of it is still needed (rule 15). */
export async function verifyBeginning(bus: MessageBus, journal: JournalName, partition: number): Promise<void> {
  const stream = journalStream(journal, partition);
  const { first } = await bus.rangeOf(stream);
  if (first <= 1) return;
  if ((await bus.lastOf(stream, keptSubject(journal, partition))) !== undefined) return;
  throw lost(stream, `it begins at ${first}, and nothing says that what was before is not needed`);
}

async function verifyPosition(
  bus: MessageBus,
  source: Source,
  stream: string,
  at: Position | undefined,
): Promise<void> {
  const { first, last } = await bus.rangeOf(stream);
  if (at === undefined) {
    // Of a stream with several subjects the others may have been purged; of this one nothing has.
    if (source.subject === undefined && first > 1)
      throw lost(stream, `it begins at ${first}, nothing of it has been decided yet`);
    return;
  }
  if (last < at.seq) throw lost(stream, `it ends at ${last}, decided up to ${at.seq}: its tail was lost`);
  const message = await bus.message(stream, at.seq);
  if (message === undefined) throw lost(stream, `${at.seq} is gone, it begins at ${first}`);
  const { end } = inputsOf(source, stream, message, undefined, 0);
  if (end.mark !== at.mark) throw madeAnew(stream, at.seq);
}

/** A reader begins with the message at its position, or, where nothing has been decided, with the first of its subject. */
const beginsAsAsked = ({ subject }: Source, after: Position | undefined, { seq, mark }: Position): boolean =>
  after === undefined ? subject !== undefined || seq === 1 : seq === after.seq && mark === after.mark;

const goesOnElsewhere = (stream: string, after: Position | undefined, { seq }: Position): BusError =>
  after?.seq === seq
    ? madeAnew(stream, seq)
    : lost(stream, `it goes on at ${seq}, decided up to ${after?.seq ?? 0}: what lay between is gone`);

const madeAnew = (stream: string, seq: number): BusError =>
  lost(stream, `${seq} is another message than the one decided: it was made anew`);

const lost = (stream: string, why: string): BusError =>
  new BusError('lost', `stream ${stream} does not fit what this stage has decided: ${why}`);
