import {
  blocked,
  blockedOutcome,
  executed,
  failed,
  failedOutcome,
  inDoubt,
  policyPassed,
  refusedOutcome,
  resolved,
  unknownOutcome,
  type Draft,
} from '@tollgate/events';
import { eventAt, executedOutcome, header, NOON, passed, recordedAt } from '../spec/events.js';
import { feedRows } from './feed-rows.js';

const call = header('call_1');
const rowsOf = (draft: Draft) => feedRows(recordedAt('dispatch', eventAt('dispatch', 5, draft)));

describe('the feed', () => {
  it('lists the end of a call, under the id of its event', () => {
    const event = eventAt('dispatch', 5, executed.draft('acme', { call, outcome: executedOutcome('call_1') }));
    const at = new Date(NOON + 5).toISOString();
    expect(feedRows(recordedAt('dispatch', event))).toMatchObject([
      {
        id: event.id,
        tenant: 'acme',
        type: 'tool_executed',
        ts: at,
        done_at: at,
        req_id: 'call_1',
        error_code: null,
        agent_id: 'billing',
        tool: 'pay',
        key: null,
      },
    ]);
  });

  it.each([
    ['tool_blocked', 'agent_disabled', blocked.draft('acme', { call, outcome: blockedOutcome('agent_disabled') })],
    ['tool_failed', 'tls_failed', failed.draft('acme', { call, outcome: failedOutcome('tls_failed') })],
    ['tool_failed', 'tool_disabled', failed.draft('acme', { call, outcome: refusedOutcome('tool_disabled') })],
    [
      'tool_failed',
      'timeout',
      inDoubt.draft('acme', { call, outcome: unknownOutcome('timeout', null, 1), heldUntil: 1 }),
    ],
  ] as const)('says why a call did not run: %s, %s', (type, error_code, draft) => {
    expect(rowsOf(draft)).toMatchObject([{ type, error_code, req_id: 'call_1' }]);
  });

  it('lists a resolution as another one', () => {
    expect(rowsOf(resolved.draft('acme', { call, outcome: executedOutcome('call_1') }))).toMatchObject([
      { type: 'tool_executed', req_id: 'call_1:resolved' },
    ]);
  });

  it('lists nothing of what goes on', () => {
    expect(rowsOf(policyPassed.draft('acme', passed(call)))).toEqual([]);
  });

  it('G6: holds no result', () => {
    const rows = rowsOf(executed.draft('acme', { call, outcome: executedOutcome('call_1', 'canary') }));
    expect(JSON.stringify(rows)).not.toContain('canary');
  });
});
