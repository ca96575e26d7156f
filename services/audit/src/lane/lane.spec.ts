import { trace } from '@opentelemetry/api';
import type { MessageBus, Reader, ReadOptions } from '@tollgate/journal';
import { MessageCache } from '../reading/message-cache.js';
import { markOf, type Positions } from '../reading/source-position.js';
import { journalsOf } from '../reading/source.js';
import { keptStream } from '../spec/kept-stream.js';
import { LostPositionError } from '../reading/lost-position.js';
import { Lane } from './lane.js';
import type { Sink } from './sink.js';

const [POLICY] = journalsOf(0);
const at = (seq: number): Positions => ({
  'POLICY-0': { seq, mark: markOf(new TextEncoder().encode(`message ${seq}`)) },
});
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => logger };

const PURGED = keptStream(5, [1, 2, 3]);

/** A projection of a journal whose first four messages are purged; what it loads, time after time. */
const stateAfter = async (...loaded: readonly Positions[]): Promise<string> => (await on(() => PURGED, loaded)).state;

/** A projection of a journal as it is by then: what becomes of it, and behind which sequences it has read. */
async function on(
  stream: (readersWereOpened: boolean) => Pick<MessageBus, 'rangeOf' | 'message'>,
  loaded: readonly Positions[],
  more: Partial<Sink> = {},
): Promise<{ state: string; readFrom: number[] }> {
  let loads = 0;
  const sink: Sink = {
    name: 'tests',
    lingerMs: 0,
    beginning: () => 'first',
    load: () => Promise.resolve(loaded[Math.min(loads++, loaded.length - 1)] ?? {}),
    write: () => Promise.resolve(),
    ...more,
  };
  const readFrom: number[] = [];
  const read = ({ after }: ReadOptions): Promise<Reader> => {
    readFrom.push(after);
    return Promise.resolve({ stop: () => Promise.resolve() });
  };
  const bus = {
    rangeOf: (name: string) => stream(readFrom.length > 0).rangeOf(name),
    message: (name: string, seq: number) => stream(readFrom.length > 0).message(name, seq),
    read,
  } as unknown as MessageBus;
  const sources = POLICY === undefined ? [] : [POLICY];
  const lane = new Lane({ bus, sources, sink, cache: new MessageCache(), tracer: trace.getTracer('t'), logger });
  lane.start();
  while (lane.state === 'starting') await new Promise((resolve) => setTimeout(resolve, 5));
  const { state } = lane;
  await lane.stop();
  return { state, readFrom };
}

describe('a projection whose position is purged', () => {
  it('stops: what lay between is gone', async () => {
    expect(await stateAfter(at(1))).toBe('stopped');
  });

  it('goes on, when another process has gone on meanwhile', async () => {
    expect(await stateAfter(at(1), at(6))).toBe('following');
  });
});

describe('a projection whose stream is made anew before its reader is there', () => {
  const then =
    (anew: Pick<MessageBus, 'rangeOf' | 'message'>, before = PURGED) =>
    (opened: boolean) =>
      opened ? anew : before;

  it('stops: nobody else would notice what was stored behind its position', async () => {
    expect(await on(then(keptStream(1, [1])), [at(6)])).toEqual({ state: 'stopped', readFrom: [6] });
  });

  it('stops, where only what it has published beyond its position tells so', async () => {
    const verify = () => Promise.reject(new LostPositionError('it holds another message there'));
    expect(await on(() => PURGED, [at(6)], { verify })).toEqual({ state: 'stopped', readFrom: [6] });
  });

  it('begins again, where it has no position yet', async () => {
    const beginning = () => ({ sinceMs: 3 });
    const anew = then(keptStream(1, [4]), keptStream(1, [1, 2, 3]));
    expect(await on(anew, [{}], { beginning })).toEqual({ state: 'following', readFrom: [2, 0] });
  });
});
