import { dispatchQueued, dispatchStarted, executed, finish, ownerChanged, type CallHeader } from '@tollgate/events';
import { decideHandedOver } from './decide-answer.js';
import { evolveDispatch, initialDispatchState, type DispatchState } from './dispatch.state.js';
import { Unsaid } from './unsaid.js';

const call: CallHeader = {
  callId: 'call_1',
  runId: 'r',
  agent: 'a',
  tool: 't',
  argsHash: 'h',
  keyId: 'k',
  gateway: 'g',
  waitUntil: 0,
  requestedAt: 0,
  deadline: 900_000,
  requestedId: 0,
};
const terms = { scope: 'global', cost: 0, caps: {}, dedupHash: 'd', windowSec: 0 };
const queued = dispatchQueued.draft('x', {
  call,
  terms,
  args: { callId: 'call_1', place: { stream: 's', seq: 1, index: 0 } },
  grant: { leaseKey: 'l', outgoingKey: 'o' },
});
const owner = (epoch: string) => ownerChanged.draft('-', { owner: 'o', epoch });
const started = (attempt: number) => dispatchStarted.draft('x', { call, attempt, attemptDeadline: 10_000 });

const given = (...drafts: Parameters<typeof finish>[0][]): DispatchState =>
  drafts.reduce(
    (state, draft, index) => evolveDispatch(state, finish(draft, index + 1, 1_000)),
    initialDispatchState(),
  );
const told = (state: DispatchState, epoch: string, answer: Parameters<typeof decideHandedOver>[1]['answer']) =>
  decideHandedOver(state, { callId: 'call_1', epoch, attempt: 1, answer }, () => undefined, 2_000).map(
    ({ type }) => type,
  );

const notSent = { known: 'not_sent', code: 'internal_error' } as const;
const done = { known: 'executed', httpStatus: 200, result: { callId: 'call_1', inline: 'sealed' } } as never;

describe('what an owner that was shut out hands over', () => {
  const state = () => given(owner('one'), queued, started(1), owner('two'));

  it('ends the attempt that it began', () => {
    expect(told(state(), 'one', done)).toEqual(['attempt-ended', executed.type]);
  });

  it('says nothing of an attempt that its successor began under the same number: that one may have been sent', () => {
    const other = given(owner('one'), queued, owner('two'), started(1));
    expect(told(other, 'one', notSent)).toEqual([]);
  });

  it('says nothing of an attempt that never came into the journal', () => {
    expect(told(given(owner('one'), queued, owner('two')), 'one', notSent)).toEqual([]);
  });
});

describe('what the journal does not say yet', () => {
  const word = { tenant: 'x', call, trace: undefined, attempt: 1 };

  it('is that nothing was sent, from the decision until the attempt is in the journal', () => {
    const unsaid = new Unsaid();
    unsaid.decided(word);
    expect(unsaid.takeAll()).toEqual([{ ...word, answer: notSent }]);
    unsaid.decided(word);
    unsaid.began('call_1', 1);
    expect(unsaid.takeAll()).toEqual([]);
  });

  it('is the answer, until the journal says how the attempt or the call ended', () => {
    const unsaid = new Unsaid();
    unsaid.answered({ ...word, answer: done });
    unsaid.said({ call, attempt: 2, known: 'executed' });
    expect(unsaid.takeAll()).toHaveLength(1);
    unsaid.answered({ ...word, answer: done });
    unsaid.said({ call, attempt: 1, known: 'executed' });
    expect(unsaid.takeAll()).toEqual([]);
    unsaid.answered({ ...word, answer: done });
    unsaid.ended('call_1');
    expect(unsaid.takeAll()).toEqual([]);
  });

  it('is the answer also where the journal calls the attempt unknown just then', () => {
    const unsaid = new Unsaid();
    unsaid.answered({ ...word, answer: done });
    unsaid.said({ call, attempt: 1, known: 'unknown' });
    expect(unsaid.takeAll()).toEqual([{ ...word, answer: done }]);
  });
});
