import { EventDecodeError, inputParked, ownerChanged, policyPassed } from '@tollgate/events';
import { eventAt, header, messageOf, passed } from '../spec/events.js';
import { projectedRows } from './projected-rows.js';

describe('the rows of some messages', () => {
  it('hold every readable event once, with its place', () => {
    const events = [
      eventAt('policy', 1, ownerChanged.draft('-', { owner: 'o', epoch: 'e' })),
      eventAt(
        'policy',
        2,
        policyPassed.draft('acme', passed(header('call_1')), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
      ),
    ];
    const rows = projectedRows([messageOf('policy', 4, events)]);
    expect(rows.events).toMatchObject([
      { seq: 4, idx: 0, tenant: '-', call_id: null, trace_id: null },
      { seq: 4, idx: 1, tenant: 'acme', call_id: 'call_1', trace_id: '0af7651916cd43dd8448eb211c80319c' },
    ]);
  });

  it('list what a stage parked, and what audit itself cannot read', () => {
    const parked = inputParked.draft('-', {
      source: 'calls',
      stream: 'CALLS-0',
      seq: 9,
      index: 0,
      code: 'undecodable',
    });
    const message = messageOf('policy', 4, [eventAt('policy', 1, parked)]);
    const unreadable = { ...message, seq: 5, events: [new EventDecodeError('undecodable')] };
    expect(projectedRows([message, unreadable]).parkedInputs).toMatchObject([
      { stage: 'policy', stream: 'CALLS-0', seq: 9, code: 'undecodable' },
      { stage: 'audit', stream: 'POLICY-0', seq: 5, code: 'undecodable' },
    ]);
  });
});
