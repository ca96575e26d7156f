import { ConfigReader } from './config-reader.js';
import type { MessageBus, ReadOptions } from './message-bus.js';

/** CONFIG as it is before there is a reader, and as it is then; what was asked of it. */
function busOf(before: { first: number; last: number }, then: { first: number; last: number }) {
  const reader: { opened: number; stopped: number; hear?: ReadOptions['onMessage'] } = { opened: 0, stopped: 0 };
  const range = () => Promise.resolve(reader.opened > 0 ? then : before);
  const bus: Partial<MessageBus> = {
    rangeOf: range,
    endOf: async () => (await range()).last,
    read: ({ onMessage }) => {
      reader.opened += 1;
      reader.hear = onMessage;
      return Promise.resolve({ stop: () => Promise.resolve(void (reader.stopped += 1)) });
    },
  };
  return { bus: bus as MessageBus, reader };
}

describe('a reader of CONFIG', () => {
  it('does not go on where it was purged just before the reader was there: nobody else would notice', async () => {
    const { bus, reader } = busOf({ first: 1, last: 0 }, { first: 3, last: 2 });
    await expect(ConfigReader.open(bus)).rejects.toThrow('CONFIG begins at 3 and ends at 2: nobody purges it');
    expect(reader).toMatchObject({ opened: 1, stopped: 1 });
  });

  it('opens once it has read one that is whole to its end', async () => {
    const { bus, reader } = busOf({ first: 1, last: 0 }, { first: 1, last: 1 });
    let isOpen = false;
    const opening = ConfigReader.open(bus).then((config) => ((isOpen = true), config));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOpen).toBe(false);
    reader.hear?.({ seq: 1, subject: 's', stampMs: 0, mark: '', data: new TextEncoder().encode('no event') });
    const config = await opening;
    expect(config.state.seq).toBe(1);
    await config.stop();
    expect(reader).toMatchObject({ opened: 1, stopped: 1 });
  });
});
