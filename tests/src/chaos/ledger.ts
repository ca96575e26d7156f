import {
  decodeEvent,
  decodeJson,
  isEnding,
  type EndingEvent,
  type JournalName,
  type TollgateEvent,
} from '@tollgate/events';
import {
  Bus,
  callsStream,
  callsSubject,
  decodeBatch,
  JOURNALS,
  journalStream,
  type StoredMessage,
} from '@tollgate/journal';

/** One append of a stage, as the broker keeps it. */
export interface Append {
  readonly seq: number;
  readonly epoch: string;
  readonly events: readonly TollgateEvent[];
}

/** What the broker holds, read by the test itself: the truth that everything else is compared with. */
export class Ledger {
  private constructor(
    /** Ids of the calls that were accepted, one partition after the other; one that stands twice is there twice. */
    readonly requested: readonly string[],
    private readonly journals: ReadonlyMap<string, readonly Append[]>,
  ) {}

  static async read(natsUrl: string, partitions = 1): Promise<Ledger> {
    const bus = await Bus.connect(natsUrl, { name: 'test-ledger', reconnect: false });
    try {
      const requested: string[] = [];
      const journals = new Map<string, readonly Append[]>();
      for (let partition = 0; partition < partitions; partition++) {
        requested.push(...(await requestedIn(bus, partition)));
        for (const name of JOURNALS) {
          const messages = await everything(bus, journalStream(name, partition));
          journals.set(journalStream(name, partition), messages.map(appendOf));
        }
      }
      return new Ledger(requested, journals);
    } finally {
      await bus.close();
    }
  }

  appends(journal: JournalName, partition = 0): readonly Append[] {
    return this.journals.get(journalStream(journal, partition)) ?? [];
  }

  events(journal: JournalName, partition = 0): readonly TollgateEvent[] {
    return this.appends(journal, partition).flatMap(({ events }) => events);
  }

  /** Call → what ended it, of all journals. What later resolves an in-doubt call is no second ending. */
  endings(): ReadonlyMap<string, readonly EndingEvent[]> {
    const events = [...this.journals.values()].flatMap((appends) => appends.flatMap((append) => append.events));
    const endings = events.filter(isEnding).filter(({ type }) => type !== 'resolved');
    return Map.groupBy(endings, ({ data }) => data.call.callId);
  }

  /** Appends that do not belong to the owner before them: somebody wrote who had been shut out. */
  strangers(): readonly string[] {
    return [...this.journals].flatMap(([stream, appends]) => strangersIn(stream, appends));
  }
}

function strangersIn(stream: string, appends: readonly Append[]): string[] {
  const strangers: string[] = [];
  let owner = '';
  for (const { seq, epoch, events } of appends) {
    for (const event of events) if (event.type === 'owner-changed') owner = event.data.epoch;
    if (epoch !== owner) strangers.push(`${stream} ${seq}`);
  }
  return strangers;
}

async function requestedIn(bus: Bus, partition: number): Promise<string[]> {
  const messages = await everything(bus, callsStream(partition), callsSubject(partition, 'policy'));
  return messages.flatMap(({ data }) => {
    const event = readable(data);
    return event?.type === 'requested' ? [event.data.call.callId] : [];
  });
}

function readable(data: Uint8Array): TollgateEvent | undefined {
  try {
    return decodeEvent(decodeJson(data));
  } catch {
    return undefined;
  }
}

function appendOf({ seq, data }: StoredMessage): Append {
  const { epoch, events } = decodeBatch(data);
  return { seq, epoch, events };
}

/** Everything that a stream holds now. */
export async function everything(bus: Bus, stream: string, subject?: string): Promise<StoredMessage[]> {
  const end = await (subject === undefined ? bus.endOf(stream) : bus.endOfSubject(stream, subject));
  if (end === 0) return [];
  const messages: StoredMessage[] = [];
  await new Promise<void>((resolve, reject) => {
    const reading = bus.read({
      stream,
      ...(subject === undefined ? {} : { subject }),
      after: 0,
      onMessage: (message) => {
        if (message.seq <= end) messages.push(message);
        if (message.seq >= end) resolve();
      },
      onError: reject,
    });
    reading.catch(reject);
  });
  return messages;
}
