import type { JsonValue } from '@tollgate/sealing';
import { reconcileAnswer } from './reconcile-answer.js';

const said = (result: JsonValue) => reconcileAnswer({ known: 'executed', httpStatus: 200, result });

describe('reconcileAnswer', () => {
  it('reads the three words of the contract', () => {
    expect(said({ status: 'executed', result: { id: 7 } })).toEqual({ status: 'executed', result: { id: 7 } });
    expect(said({ status: 'not_executed', result: 1 })).toEqual({ status: 'not_executed' });
    expect(said({ status: 'unknown' })).toEqual({ status: 'unknown' });
  });

  it('makes an object of any result', () => {
    expect(said({ status: 'executed' })).toEqual({ status: 'executed', result: {} });
    expect(said({ status: 'executed', result: [1] })).toEqual({ status: 'executed', result: { value: [1] } });
  });

  it.each<[JsonValue]>([
    [{}],
    [{ value: 'executed' }],
    [{ status: 'EXECUTED' }],
    [{ error: 'response_incomplete' }],
    [null],
    [['executed']],
  ])('%j is no clear word', (result) => {
    expect(said(result)).toEqual({ status: 'unknown' });
  });

  it('takes an error of the question itself as no answer', () => {
    expect(reconcileAnswer({ known: 'tool_error', httpStatus: 404 })).toEqual({ status: 'unknown' });
    expect(reconcileAnswer({ known: 'not_sent', code: 'connect_failed' })).toEqual({ status: 'unknown' });
  });
});
