import { systemClock, type MessageBus, type ReadOptions, type StoredMessage } from '@tollgate/journal';
import { markOf } from '../reading/source-position.js';
import { journalsOf } from '../reading/source.js';
import { LostPositionError } from '../reading/lost-position.js';
import { Intake } from './intake.js';

const MORE_THAN_IT_HOLDS = 2_001;
const [LOUD, QUIET] = journalsOf(0);
const bytesOf = (stream: string, seq: number): Uint8Array => new TextEncoder().encode(`${stream} ${String(seq)}`);
const messageOf = (stream: string, seq: number): StoredMessage => ({
  seq,
  subject: stream,
  data: bytesOf(stream, seq),
  stampMs: 1,
  mark: '',
});

/** Streams as they are now; a reader hears at once what there is. */
class Streams {
  readonly ends = new Map<string, number>();
  live = 0;
  anew = false;

  get bus(): MessageBus {
    return { read: this.read, rangeOf: this.rangeOf, message: this.message } as unknown as MessageBus;
  }

  private readonly read = ({ stream, after, onMessage }: ReadOptions): Promise<{ stop: () => Promise<void> }> => {
    this.live += 1;
    let stopped = false;
    for (let seq = after + 1; seq <= this.endOf(stream); seq++) onMessage(messageOf(stream, seq));
    const stop = (): Promise<void> => {
      if (!stopped) this.live -= 1;
      stopped = true;
      return Promise.resolve();
    };
    return Promise.resolve({ stop });
  };

  private readonly rangeOf = (stream: string) => Promise.resolve({ first: 1, last: this.endOf(stream) });

  private readonly message = (stream: string, seq: number) =>
    Promise.resolve(messageOf(this.anew ? `new ${stream}` : stream, seq));

  private endOf(stream: string): number {
    return this.ends.get(stream) ?? 0;
  }
}

const taken = async (intake: Intake): Promise<string[]> => {
  const all: string[] = [];
  for (let some = await intake.take(1, 0); some.length > 0; some = await intake.take(1, 0)) {
    all.push(...some.map(({ source, message }) => `${source.name} ${String(message.seq)}`));
  }
  return all;
};

describe('several sources at once', () => {
  const sources = [LOUD, QUIET].filter((source) => source !== undefined);

  it('are read once each, where one has filled the queue before the others are open', async () => {
    const streams = new Streams();
    for (const { stream } of sources) streams.ends.set(stream, 3);
    streams.ends.set(sources[0]!.stream, MORE_THAN_IT_HOLDS);
    const intake = new Intake(streams.bus, systemClock, sources, new Map());
    await intake.open();
    const all = await taken(intake);
    expect(all).toHaveLength(MORE_THAN_IT_HOLDS + 3);
    expect(new Set(all).size).toBe(all.length);
    expect(streams.live).toBe(sources.length);
    await intake.close();
    expect(streams.live).toBe(0);
  });

  it('are looked at again when they are opened again: what was read must still be there', async () => {
    const streams = new Streams();
    streams.ends.set(sources[0]!.stream, MORE_THAN_IT_HOLDS);
    const from = { seq: 1, mark: () => markOf(bytesOf(sources[0]!.stream, 1)) };
    const intake = new Intake(streams.bus, systemClock, sources, new Map([[sources[0]!.name, from]]));
    await intake.open();
    streams.anew = true;
    await expect(taken(intake)).rejects.toBeInstanceOf(LostPositionError);
    await intake.close();
    expect(streams.live).toBe(0);
  });
});
