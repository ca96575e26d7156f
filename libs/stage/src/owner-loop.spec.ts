import { trace } from '@opentelemetry/api';
import type { TollgateEvent } from '@tollgate/events';
import { emptyConfig, systemClock, type MessageBus } from '@tollgate/journal';
import type { SourceInput } from './input.js';
import type { Keeper } from './keeper.js';
import { OwnerLoop, type LoopOptions } from './owner-loop.js';
import { OwnJournal } from './own-journal.js';
import type { StageDefinition } from './stage-definition.js';

const definition = {
  name: 'lease',
  sources: [],
  initial: () => ({}),
  evolve: (state) => state,
  wakeAt: () => undefined,
} as Partial<StageDefinition<object>> as StageDefinition<object>;

const SEQ = 5;
const input = (index: number): SourceInput => ({
  from: 'source',
  source: 'policy',
  stream: 'POLICY-0',
  position: { mark: 'm', seq: SEQ, index },
  stampMs: 0,
  readAt: 0,
  event: { type: 'blocked', id: index, at: 0, tenant: 't', v: 1, data: {} } as never,
});

/** A loop that decides nothing of what it takes; how much it has taken. */
function loopOf(more: Partial<LoopOptions<object>> = {}) {
  const taken: number[] = [];
  const options: Partial<LoopOptions<object>> = {
    definition,
    journal: new OwnJournal(definition),
    bus: { append: () => Promise.resolve(1) } as Partial<MessageBus> as MessageBus,
    partition: 0,
    clock: systemClock,
    decide: (_pattern, event) => {
      taken.push((event as { id: number }).id);
      return Promise.resolve([]);
    },
    config: emptyConfig,
    tracer: trace.getTracer('tests'),
    fault: () => Promise.resolve(),
    keeper: { stop: () => undefined, beforeAppend: () => undefined } as Partial<Keeper<object>> as Keeper<object>,
    committed: () => undefined,
    fenced: () => undefined,
    ...more,
  };
  return { loop: new OwnerLoop(options as LoopOptions<object>), taken };
}

describe('the loop of an owner', () => {
  it('lets nobody who looks see half of a message', async () => {
    const { loop, taken } = loopOf();
    const seen = loop.looks.decidedUpTo(new Map([['policy', SEQ]])).then(() => [...taken]);
    loop.start();
    loop.take([input(0), input(1), input(2)], 'policy', { mark: 'm', seq: SEQ, index: 2 });
    expect(await seen).toEqual([0, 1, 2]);
    loop.stop();
  });

  it('gives an event the time that it was decided by, however long that took', async () => {
    const noon = Date.UTC(2026, 10, 1, 12);
    let now = noon;
    const decidedBy: number[] = [];
    const bear: number[] = [];
    const evolve = (state: object, event: TollgateEvent): object => {
      bear.push(event.at);
      return state;
    };
    const { loop } = loopOf({
      journal: new OwnJournal({ ...definition, evolve }),
      clock: { ...systemClock, now: () => now },
      decide: (_pattern, _event, turn) => {
        decidedBy.push(turn.now);
        now += 7;
        return Promise.resolve([{ type: 'config-applied', tenant: 't', v: 1, data: {} } as never]);
      },
    });
    loop.start();
    loop.take([input(0), input(1)], 'policy', { mark: 'm', seq: SEQ, index: 1 });
    await loop.looks.decidedUpTo(new Map([['policy', SEQ]]));
    expect(decidedBy).toEqual([noon, noon + 7]);
    expect(bear).toEqual(decidedBy);
    loop.stop();
  });

  it('decides nothing before it is started', async () => {
    const { loop, taken } = loopOf();
    loop.take([input(0)], 'policy', { mark: 'm', seq: SEQ, index: 0 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual([]);
    loop.start();
    await loop.looks.decidedUpTo(new Map([['policy', SEQ]]));
    expect(taken).toEqual([0]);
    loop.stop();
  });

  it('ends whatever looks when it is stopped', async () => {
    const { loop } = loopOf();
    const look = loop.looks.decidedUpTo(new Map([['policy', SEQ]]));
    loop.stop();
    await expect(look).rejects.toThrow('not the owner any more');
  });
});
