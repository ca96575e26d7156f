import { settlementAnswered, type Draft, type Settlement } from '@tollgate/events';
import { decideSettlement } from './decide-settlement.js';
import { doubt, ended, failedWith, queued, started, TENANT, toolIs, UNKNOWN } from './spec/calls.js';
import { given } from './spec/given.js';

const word: Settlement = {
  commandId: 'cmd_1',
  input: { stage: 'lease', stream: 'DISPATCH-0', seq: 7, index: 1 },
  callId: 'call_1',
  says: 'failed',
  note: 'nothing was done',
};
const answered = (answer: 'settled' | 'still_open', of: Settlement = word): Draft =>
  settlementAnswered.draft(TENANT, { ...of, answer });

describe('an operator’s word about a parked input', () => {
  const decided = (past: readonly Draft[], of = word) => decideSettlement(given(...past).stage.state, TENANT, of);

  it.each<[string, Draft[]]>([
    ['that has ended', [toolIs(), queued(), started(), failedWith('tool_error', 422, 1)]],
    ['that this stage never had', []],
  ])('settles a call %s', (_which, past) => {
    expect(decided(past)).toEqual([answered('settled')]);
  });

  it.each<[string, Draft[]]>([
    ['is queued', [toolIs(), queued()]],
    ['is under way', [toolIs(), queued(), started()]],
    ['is in doubt', [toolIs(), queued(), started(), ended(1, UNKNOWN), doubt('timeout', null, 1)]],
  ])('settles nothing of a call that %s: it will have an end of its own', (_which, past) => {
    expect(decided(past)).toEqual([answered('still_open')]);
  });

  it('takes what lets nothing go off the list, whatever its call is doing', () => {
    const noted: Settlement = { ...word, says: 'nothing' };
    expect(decided([toolIs(), queued()], noted)).toEqual([answered('settled', noted)]);
    const { callId: _, ...ofNoCall } = noted;
    expect(decided([], ofNoCall)).toEqual([answered('settled', ofNoCall)]);
  });

  it('is decided once, also when CALLS holds it twice', () => {
    expect(decided([answered('settled')])).toEqual([]);
  });
});
