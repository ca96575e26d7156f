import { encodeBatch, type MessageBus, type Position, type StoredMessage } from '@tollgate/journal';
import type { Source } from './stage-definition.js';
import { openSource } from './sources.js';

const POLICY: Source = { name: 'policy', kind: 'journal', stream: () => 'POLICY-0' };
const AT: Position = { mark: 'one', seq: 2, index: 0 };

const batchOf = (seq: number, epoch: string): StoredMessage => ({
  seq,
  subject: 's',
  stampMs: 0,
  mark: '',
  data: encodeBatch({ epoch, positions: {}, events: [] }),
});

/** A stream of three batches, each of an epoch, which is another one as soon as somebody reads it. */
function busOf(before: string, then: string): MessageBus {
  let epoch = before;
  const bus: Partial<MessageBus> = {
    rangeOf: () => Promise.resolve({ first: 1, last: 3 }),
    message: (_stream, seq) => Promise.resolve(batchOf(seq, epoch)),
    read: () => {
      epoch = then;
      return Promise.resolve({ stop: () => Promise.resolve() });
    },
  };
  return bus as MessageBus;
}

const open = (bus: MessageBus): Promise<unknown> =>
  openSource(
    bus,
    POLICY,
    0,
    AT,
    () => 0,
    () => undefined,
    () => undefined,
  );

/** Rule 3: a position is looked at once there is a reader, since nobody else notices what happens before. */
describe('a source', () => {
  it('is not read on where it was made anew just before its reader was there', async () => {
    await expect(open(busOf('one', 'two'))).rejects.toThrow('another message than the one decided');
  });

  it('is read on where it has stayed what it was', async () => {
    await expect(open(busOf('one', 'one'))).resolves.toMatchObject({ stream: 'POLICY-0' });
  });
});
