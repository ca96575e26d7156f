import { configApplied, EventDecodeError, finish, NO_TENANT, ownerChanged, type TollgateEvent } from '@tollgate/events';
import { decodeBatch, encodeBatch, readBatch, type Batch } from './batch.js';

const applied = (seq: number): TollgateEvent => finish(configApplied.draft(NO_TENANT, { seq }), seq, 1_000);
const opened = finish(ownerChanged.draft(NO_TENANT, { owner: 'one', epoch: 'e' }), 9, 1_000);
const batch: Batch = {
  epoch: 'epoch',
  positions: { policy: { mark: 'other', seq: 4, index: 2 }, calls: { mark: '', seq: 0, index: 0 } },
  events: [opened, applied(1), applied(2)],
};
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'read';
  } catch (error) {
    return (error as EventDecodeError).code;
  }
};

describe('a batch', () => {
  it('is read as it was appended', () => {
    expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
    expect(readBatch(encodeBatch(batch))).toEqual(batch);
  });

  it('may hold no event, only how far its stage has come', () => {
    expect(decodeBatch(encodeBatch({ ...batch, events: [] })).positions).toEqual(batch.positions);
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{"epoch"')],
    ['no epoch', bytes({ ...batch, epoch: undefined })],
    ['a position without a place', bytes({ ...batch, positions: { policy: { mark: 'm', seq: 4 } } })],
    ['no events', bytes({ ...batch, events: 'none' })],
  ])('with %s cannot be read at all', (_what, frame) => {
    expect(codeOf(() => readBatch(frame))).toBe('undecodable');
    expect(codeOf(() => decodeBatch(frame))).toBe('undecodable');
  });
});

describe('a batch with an event that cannot be read', () => {
  it.each([
    ['undecodable', { ...applied(1), data: {} }],
    ['unknown_type', { ...applied(1), type: 'unheard-of' }],
    ['unknown_version', { ...applied(1), v: 9 }],
  ])('%s: its reader gets the others, and what is wrong in its place', (code, broken) => {
    const read = readBatch(bytes({ ...batch, events: [opened, broken, applied(2)] }));
    expect(read.events).toEqual([opened, expect.any(EventDecodeError), applied(2)]);
    expect(read.events[1]).toMatchObject({ code });
  });

  it('stops the stage whose own journal it is', () => {
    expect(codeOf(() => decodeBatch(bytes({ ...batch, events: [{ ...applied(1), v: 9 }] })))).toBe('unknown_version');
  });
});
