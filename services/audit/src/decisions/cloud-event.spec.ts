import { failed, refusedOutcome, type EndingEvent } from '@tollgate/events';
import { eventAt, header, NOON, recordedAt } from '../spec/events.js';
import { cloudEventOf } from './cloud-event.js';

describe('a decision for subscribers', () => {
  it('is a CloudEvent whose data is the log row', () => {
    const call = header('call_1', { runId: 'run_1' });
    const event = eventAt(
      'policy',
      700,
      failed.draft('a/b', { call, outcome: refusedOutcome('tool_disabled') }),
    ) as EndingEvent;
    expect(cloudEventOf(recordedAt('policy', event))).toEqual({
      specversion: '1.0',
      id: String(event.id),
      source: '/tollgate/a%2Fb',
      type: 'tollgate.decision.failed',
      time: new Date(NOON + 700).toISOString(),
      datacontenttype: 'application/json',
      data: {
        ts: NOON / 1_000,
        agent_id: 'billing',
        tool: 'pay',
        allowed: true,
        decision: 'failed',
        policy_reason: 'tool_disabled',
        risk_level: 'medium',
        args_hash: 'hash',
        spend_usd: 0,
        call_id: 'call_1',
        run_id: 'run_1',
        policy_version: 3,
      },
    });
  });
});
