import { waysOf } from './trail.js';
import type { TimelineEvent } from './trail.js';

const event = (call_id: string, type: string, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  call_id,
  type,
  tool: 'web.search',
  status: null,
  step: null,
  data: {},
  ...more,
});

const executed = (call: string): readonly TimelineEvent[] => [
  event(call, 'run_started'),
  event(call, 'policy_decided', { step: 'policy', status: 'passed' }),
  event(call, 'tool_call', { data: { attempt: 1 } }),
  event(call, 'tool_result', { status: 'executed', data: { http_status: 200 } }),
  event(call, 'run_finished', { status: 'executed', data: { policy_reason: 'ok' } }),
];

const blocked = (call: string): readonly TimelineEvent[] => [
  event(call, 'budget_decided', { step: 'budget', status: 'blocked' }),
  event(call, 'run_finished', { status: 'blocked', data: { policy_reason: 'max_spend_usd_per_day_exceeded' } }),
];

describe('the trail of a run', () => {
  it('tells each decision on a call', () => {
    expect(waysOf(executed('a'))).toEqual([
      {
        tool: 'web.search',
        calls: 1,
        steps: [
          'policy passed',
          'tool called, signed (attempt 1)',
          'tool executed (HTTP 200)',
          'answered executed: ok',
        ],
      },
    ]);
  });

  it('counts calls that went the same way, however their events are mixed', () => {
    const [first, ...rest] = executed('b');
    const ways = waysOf([...executed('a'), first as TimelineEvent, ...blocked('c'), ...rest, ...blocked('d')]);
    expect(ways.map(({ calls, steps }) => [calls, steps.at(-1)])).toEqual([
      [2, 'answered executed: ok'],
      [2, 'answered blocked: max_spend_usd_per_day_exceeded'],
    ]);
  });

  it('is empty for a run that nobody knows', () => {
    expect(waysOf([])).toEqual([]);
  });
});
