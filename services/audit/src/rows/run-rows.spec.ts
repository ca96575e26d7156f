import { executed, policyPassed } from '@tollgate/events';
import { eventAt, executedOutcome, header, passed, recordedAt } from '../spec/events.js';
import { runRows } from './run-rows.js';
import { timelineRows } from './timeline-rows.js';

describe('what timeline rows add to their run', () => {
  it('is how many they are and the last of them, in whatever order they come, apart for each agent', () => {
    const [one, two] = [header('call_1', { runId: 'run' }), header('call_2', { runId: 'run', agent: 'search' })];
    const timeline = [
      recordedAt(
        'dispatch',
        eventAt('dispatch', 50, executed.draft('acme', { call: one, outcome: executedOutcome('call_1') })),
      ),
      recordedAt('policy', eventAt('policy', 5, policyPassed.draft('acme', passed(one)))),
      recordedAt('policy', eventAt('policy', 6, policyPassed.draft('acme', passed(two)))),
    ].flatMap(timelineRows);
    expect(runRows(timeline)).toMatchObject([
      { run_id: 'run', agent: 'billing', events_count: 3, last_type: 'run_finished', last_status: 'executed' },
      { run_id: 'run', agent: 'search', events_count: 2, last_type: 'policy_decided', last_status: 'passed' },
    ]);
  });
});
