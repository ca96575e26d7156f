import {
  BusError,
  encodeBatch,
  SNAPSHOTS_STREAM,
  systemClock,
  type MessageBus,
  type StoredMessage,
} from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import { createSealer, mintSealingKey } from '@tollgate/sealing';
import { keepingTimes } from './keeping.js';
import type { RunnerOptions } from './runner-options.js';
import { Snapshots } from './snapshots.js';
import type { StageDefinition } from './stage-definition.js';
import { StageSession } from './stage-session.js';

type State = Readonly<Record<string, never>>;

const definition = {
  name: 'lease',
  sources: [],
  initial: () => ({}),
  evolve: (state) => state,
  keeping: { version: 1, sizeOf: () => 0 },
} as Partial<StageDefinition<State>> as StageDefinition<State>;
const sealer = createSealer({ keys: [mintSealingKey()], mode: 'on' });
const log: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };

/** A journal: its first sequence, and the epoch of each batch from there on. */
interface Journal {
  readonly first: number;
  readonly epochs: readonly string[];
}

/** A stream of snapshots, and a journal that is another one as soon as somebody reads it. */
function busOf(before: Journal, then: Journal): MessageBus {
  let journal = before;
  const kept: StoredMessage[] = [];
  const stored = (seq: number, subject: string, data: Uint8Array) => ({ seq, subject, data, stampMs: 0, mark: '' });
  const bus: Partial<MessageBus> = {
    closed: new Promise(() => undefined),
    close: () => Promise.resolve(),
    purge: () => Promise.resolve(),
    append: (subject, body) => Promise.resolve(kept.push(stored(kept.length + 1, subject, body))),
    lastOf: (stream, subject) =>
      stream === SNAPSHOTS_STREAM || stream.startsWith('LEASE')
        ? Promise.resolve(kept.findLast((message) => message.subject === subject))
        : Promise.reject(new BusError('unavailable', 'it goes on to claim')),
    message: (stream, seq) => {
      if (stream === SNAPSHOTS_STREAM) return Promise.resolve(kept[seq - 1]);
      const epoch = journal.epochs[seq - journal.first];
      if (epoch === undefined) return Promise.resolve(undefined);
      return Promise.resolve(stored(seq, stream, encodeBatch({ epoch, positions: {}, events: [] })));
    },
    rangeOf: () => Promise.resolve({ first: journal.first, last: journal.first + journal.epochs.length - 1 }),
    read: () => {
      journal = then;
      return Promise.resolve({ stop: () => Promise.resolve() });
    },
  };
  return bus as MessageBus;
}

const optionsOf = (bus: MessageBus): RunnerOptions<State> => {
  const parts = { definition, partition: 0, instance: 'tests', clock: systemClock, log, sealer };
  const options = { ...parts, connect: () => Promise.resolve(bus), keepingTimes: keepingTimes(8) };
  return options as Partial<RunnerOptions<State>> as RunnerOptions<State>;
};

const run = async (bus: MessageBus): Promise<void> => (await StageSession.open(optionsOf(bus))).run();

async function saveSnapshot(bus: MessageBus, seq: number, epoch: string): Promise<void> {
  const snapshots = new Snapshots({ bus, definition, partition: 0, sealer, log, fault: () => undefined });
  const folded = { state: {}, seq, epoch, lastId: 0, lastAt: 0, positions: new Map() };
  await snapshots.save(snapshots.take(folded), seq, epoch);
}

const WHOLE: Journal = { first: 1, epochs: ['one', 'one', 'one', 'one', 'one'] };
const PURGED: Journal = { first: 4, epochs: ['one', 'one'] };
const ANEW: Journal = { first: 1, epochs: ['two', 'two', 'two', 'two', 'two'] };

/** Rule 3: what a stage folds is looked at once it has a reader, since nobody else notices what happens before. */
describe('a stage whose own journal changes just before its reader is there', () => {
  it('does not fold the half that a purge has left', async () => {
    await expect(run(busOf(WHOLE, PURGED))).rejects.toThrow('it begins at 4');
  });

  it('does not go on from a snapshot of the journal that was there before', async () => {
    const bus = busOf(WHOLE, ANEW);
    await saveSnapshot(bus, 5, 'one');
    await expect(run(bus)).rejects.toThrow('the journal is not the one any more whose snapshot was taken');
  });

  it('goes on to claim where it has stayed what it was', async () => {
    const bus = busOf(PURGED, PURGED);
    await saveSnapshot(bus, 5, 'one');
    await expect(run(bus)).rejects.toThrow('it goes on to claim');
    await expect(run(busOf(WHOLE, WHOLE))).rejects.toThrow('it goes on to claim');
  });
});
