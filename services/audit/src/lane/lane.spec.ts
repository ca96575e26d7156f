import { trace } from '@opentelemetry/api';
import type { MessageBus, Reader } from '@tollgate/journal';
import { MessageCache } from '../reading/message-cache.js';
import { markOf, type Positions } from '../reading/source-position.js';
import { journalsOf } from '../reading/source.js';
import { keptStream } from '../spec/kept-stream.js';
import { Lane } from './lane.js';
import type { Sink } from './sink.js';

const [POLICY] = journalsOf(0);
const at = (seq: number): Positions => ({
  'POLICY-0': { seq, mark: markOf(new TextEncoder().encode(`message ${seq}`)) },
});
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => logger };

const PURGED = keptStream(5, [1, 2, 3]);

/** A projection of a journal whose first four messages are purged; what it loads, time after time. */
const stateAfter = (...loaded: readonly Positions[]): Promise<string> => stateOn(() => PURGED, loaded);

/** A projection of a journal as it is by then. */
async function stateOn(
  stream: (readersWereOpened: boolean) => Pick<MessageBus, 'rangeOf' | 'message'>,
  loaded: readonly Positions[],
): Promise<string> {
  let loads = 0;
  const sink: Sink = {
    name: 'tests',
    lingerMs: 0,
    beginning: () => 'first',
    load: () => Promise.resolve(loaded[Math.min(loads++, loaded.length - 1)] ?? {}),
    write: () => Promise.resolve(),
  };
  let opened = false;
  const read: () => Promise<Reader> = () => {
    opened = true;
    return Promise.resolve({ stop: () => Promise.resolve() });
  };
  const bus = {
    rangeOf: (name: string) => stream(opened).rangeOf(name),
    message: (name: string, seq: number) => stream(opened).message(name, seq),
    read,
  } as unknown as MessageBus;
  const sources = POLICY === undefined ? [] : [POLICY];
  const lane = new Lane({ bus, sources, sink, cache: new MessageCache(), tracer: trace.getTracer('t'), logger });
  lane.start();
  while (lane.state === 'starting') await new Promise((resolve) => setTimeout(resolve, 5));
  const { state } = lane;
  await lane.stop();
  return state;
}

describe('a projection whose position is purged', () => {
  it('stops: what lay between is gone', async () => {
    expect(await stateAfter(at(1))).toBe('stopped');
  });

  it('goes on, when another process has gone on meanwhile', async () => {
    expect(await stateAfter(at(1), at(6))).toBe('following');
  });
});

describe('a projection whose stream is made anew', () => {
  it('before its reader is there, stops: nobody else would notice what was stored behind its position', async () => {
    const anew = keptStream(1, [1]);
    expect(await stateOn((opened) => (opened ? anew : PURGED), [at(6)])).toBe('stopped');
  });
});
