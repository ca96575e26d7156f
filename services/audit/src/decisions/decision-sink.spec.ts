import type { MessageBus } from '@tollgate/journal';
import { markOf } from '../reading/source-position.js';
import { journalsOf } from '../reading/source.js';
import { keptStream } from '../spec/kept-stream.js';
import { encodeProgress } from './decision-progress.js';
import { DecisionSink } from './decision-sink.js';

const mark = (text: string): string => markOf(new TextEncoder().encode(text));

/** What was published last was made of message 4, two behind the last whose endings are all published. */
const PUBLISHED = encodeProgress({
  done: { 'POLICY-0': { seq: 2, mark: mark('message 2') } },
  here: { source: 'POLICY-0', seq: 4, index: 0, mark: mark('message 4') },
  partly: {},
});

/** The sink over a journal of so many messages, each of which says its sequence. */
async function loaded(journal: Pick<MessageBus, 'rangeOf' | 'message'>): Promise<DecisionSink> {
  const bus: Partial<MessageBus> = { ...journal, endOf: async () => 1, headerOf: async () => PUBLISHED };
  const sink = new DecisionSink(bus as MessageBus);
  await sink.load(journalsOf(0));
  return sink;
}

/** Rule 3: what was published is known again beyond the position, too. */
describe('the stream of decisions', () => {
  it('goes on behind a journal that holds what it published last', async () => {
    const sink = await loaded(keptStream(1, [1, 2, 3, 4]));
    await expect(sink.verify()).resolves.toBeUndefined();
  });

  it('does not where its tail was lost behind the position', async () => {
    const sink = await loaded(keptStream(1, [1, 2, 3]));
    await expect(sink.verify()).rejects.toThrow('POLICY-0 has been projected up to 4, but it ends at 3');
  });

  it('does not where what was stored there since is another message', async () => {
    const { rangeOf, message } = keptStream(1, [1, 2, 3, 4]);
    const other = async (stream: string, seq: number) => {
      const stored = await message(stream, seq);
      return seq === 4 && stored !== undefined ? { ...stored, data: new TextEncoder().encode('another') } : stored;
    };
    const sink = await loaded({ rangeOf, message: other });
    await expect(sink.verify()).rejects.toThrow('it holds another message there, so it was made anew');
  });
});
