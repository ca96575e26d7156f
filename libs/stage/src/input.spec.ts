import {
  configApplied,
  EventDecodeError,
  finish,
  holdEnded,
  NO_TENANT,
  policyPassed,
  type CallHeader,
  type TollgateEvent,
} from '@tollgate/events';
import { encodeBatch, type Position, type StoredMessage } from '@tollgate/journal';
import { callIdOf, callOf, inputsOf, tenantOf } from './input.js';
import type { Source } from './stage-definition.js';

const JOURNAL: Source = { name: 'policy', kind: 'journal', stream: () => 'POLICY-0' };
const CALLS: Source = { name: 'calls', kind: 'calls', stream: () => 'CALLS-0' };
const applied = (seq: number): TollgateEvent => finish(configApplied.draft(NO_TENANT, { seq }), seq, 1_000);
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const message = (data: Uint8Array, mark = ''): StoredMessage => ({ seq: 7, subject: 's', data, stampMs: 5_000, mark });
const batch = (...events: TollgateEvent[]): StoredMessage =>
  message(encodeBatch({ epoch: 'epoch', positions: {}, events }));
const position = (seq: number, index: number): Position => ({ mark: 'epoch', seq, index });

const read = (source: Source, stored: StoredMessage, after?: Position) =>
  inputsOf(source, source.stream(0), stored, after, 42);
const indexes = (...given: Parameters<typeof read>) => read(...given).inputs.map((input) => input.position.index);

describe('a message of a journal', () => {
  const stored = batch(applied(1), applied(2), applied(3));

  it('is an input for each event, with its place, the epoch, and when it was stored and read', () => {
    expect(read(JOURNAL, stored).inputs[1]).toEqual({
      from: 'source',
      source: 'policy',
      stream: 'POLICY-0',
      position: position(7, 1),
      stampMs: 5_000,
      event: applied(2),
      readAt: 42,
    });
  });

  it('ends at its last event', () => {
    expect(read(JOURNAL, stored).end).toEqual(position(7, 2));
  });

  it('is read behind a position in its middle, and not at all behind its end', () => {
    expect(indexes(JOURNAL, stored, position(7, 0))).toEqual([1, 2]);
    expect(indexes(JOURNAL, stored, position(7, 2))).toEqual([]);
    expect(indexes(JOURNAL, stored, position(6, 2))).toEqual([0, 1, 2]);
  });

  it('without events has no input, and an end that moves the position', () => {
    expect(read(JOURNAL, batch())).toEqual({ inputs: [], end: position(7, 0) });
  });

  it('gives what cannot be read in its place among the others', () => {
    const mixed = message(bytes({ epoch: 'epoch', positions: {}, events: [applied(1), { type: 'x' }, applied(3)] }));
    expect(read(JOURNAL, mixed).inputs.map(({ event }) => event)).toEqual([
      applied(1),
      expect.any(EventDecodeError),
      applied(3),
    ]);
  });

  it('that is no batch at all is one input that cannot be read', () => {
    const { inputs, end } = read(JOURNAL, message(bytes('nonsense')));
    expect(inputs).toEqual([expect.objectContaining({ event: expect.any(EventDecodeError) })]);
    expect(end).toEqual({ mark: '', seq: 7, index: 0 });
  });
});

describe('a message of CALLS', () => {
  const event = finish(holdEnded.draft('acme', { callId: 'c' }), 0, 1_000);

  it('is one input, marked by its random word', () => {
    const { inputs, end } = read(CALLS, message(bytes(event), 'word'));
    expect(inputs).toHaveLength(1);
    expect(inputs[0]).toMatchObject({ event, position: { mark: 'word', seq: 7, index: 0 } });
    expect(end).toEqual({ mark: 'word', seq: 7, index: 0 });
  });

  it('is not read again', () => {
    expect(indexes(CALLS, message(bytes(event), 'word'), { mark: 'word', seq: 7, index: 0 })).toEqual([]);
  });

  it('that cannot be read is one input all the same', () => {
    const { inputs } = read(CALLS, message(new TextEncoder().encode('{'), 'word'));
    expect(inputs[0]).toMatchObject({ event: { code: 'undecodable' }, position: { mark: 'word' } });
  });
});

describe('what even an unreadable event says', () => {
  const call: CallHeader = {
    callId: 'call_1',
    runId: 'run',
    agent: 'billing',
    tool: 'pay',
    argsHash: 'args',
    keyId: 'key_1',
    gateway: 'gw',
    waitUntil: 0,
    requestedAt: 0,
    deadline: 0,
    requestedId: 0,
  };
  const unreadable = (raw: unknown) => new EventDecodeError('undecodable', 'policy-passed', raw);

  it('is its call and its tenant, where they can be read', () => {
    const event = unreadable({ type: 'policy-passed', tenant: 'acme', data: { call, terms: 'none' } });
    expect(callOf(event)).toEqual(call);
    expect(tenantOf(event)).toBe('acme');
  });

  it.each([
    ['nothing', undefined],
    ['text', 'text'],
    ['a call that lacks something', { tenant: 7, data: { call: { ...call, agent: undefined } } }],
    ['no call', { data: null }],
  ])('is nothing of %s', (_what, raw) => {
    expect(callOf(unreadable(raw))).toBeUndefined();
    expect(tenantOf(unreadable(raw))).toBeUndefined();
  });

  it('is the same as of one that can be read', () => {
    const terms = { scope: 'global', cost: 0, caps: {}, dedupHash: 'args', windowSec: 0 };
    const args = { callId: 'call_1', inline: { p: {} } };
    const event = finish(policyPassed.draft('acme', { call, terms, args }), 1, 1_000);
    expect([callOf(event), tenantOf(event)]).toEqual([call, 'acme']);
    expect(callOf(applied(1))).toBeUndefined();
  });

  it('has an id also where nothing else is said of it', () => {
    const ended = finish(holdEnded.draft('acme', { callId: 'call_1' }), 1, 1_000);
    const foreign = new EventDecodeError('unknown_type', 'of-tomorrow', { data: { callId: 'call_2' } });
    expect([callOf(ended), callIdOf(ended), callIdOf(foreign)]).toEqual([undefined, 'call_1', 'call_2']);
    expect(callIdOf(unreadable({ data: { call } }))).toBe('call_1');
    expect(callIdOf(unreadable({ data: { call: { callId: 'call_1', agent: 7 } } }))).toBe('call_1');
    expect(callIdOf(unreadable({ data: { call: null } }))).toBeUndefined();
    for (const callId of ['x'.repeat(129), 'a\0b', ''])
      expect(callIdOf(unreadable({ data: { callId } }))).toBeUndefined();
    expect(callIdOf(unreadable({ data: { callId: 7 } }))).toBeUndefined();
    expect(callIdOf(applied(1))).toBeUndefined();
  });
});
