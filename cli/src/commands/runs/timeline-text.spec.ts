import { PLAIN, type Style } from '../../terminal/style.js';
import type { TimelineEvent } from './event-details.js';
import { timelineText } from './timeline-text.js';

const NOON = 1795262400;
let ms = 0;
const event = (after: number, type: string, change: Partial<TimelineEvent> = {}): TimelineEvent => ({
  ts: NOON + (ms += after) / 1000,
  type,
  status: null,
  duration_ms: after,
  step: null,
  tool: 'charge',
  agent_id: 'billing',
  message: null,
  data: null,
  call_id: 'call_1',
  source: 'system',
  ...change,
});

const timeline = (events: readonly TimelineEvent[], total = events.length) => ({ run_id: 'trip-1', total, events });

describe('a timeline', () => {
  beforeEach(() => {
    ms = 0;
  });

  it('is a line for each step, under its call', () => {
    const events = [
      event(0, 'run_started', { step: 'gateway', status: 'started' }),
      event(3, 'policy_decided', {
        step: 'policy',
        status: 'passed',
        data: { spend_usd: 12, policy_reason: 'ok', would_block: { policy_reason: 'agent_late', risk_level: 'low' } },
      }),
      event(4, 'tool_call', { step: 'dispatch', status: 'started', data: { attempt: 1, dispatch: 'signed' } }),
      event(1200, 'tool_result', { step: 'dispatch', status: 'unknown', data: { attempt: 1, http_status: 502 } }),
      event(2, 'run_finished', {
        status: 'failed',
        duration_ms: 1209,
        data: { policy_reason: 'outcome_unknown', http_status: 502, attempt: 1, dispatch: 'signed' },
      }),
      event(60_000, 'run_resolved', { status: 'executed', message: 'it is\nin the books' }),
    ];
    expect(timelineText(timeline(events), PLAIN)).toBe(
      [
        'run trip-1, 2026-11-21 12:00:00Z, 6 events',
        '',
        'call_1  charge as billing',
        '  +0.000 s   gateway   started',
        '  +0.003 s   policy    passed    would be blocked: agent_late, $12.00',
        '  +0.007 s   dispatch  started   attempt 1, signed',
        '  +1.207 s   dispatch  unknown   attempt 1, HTTP 502, 1.2 s',
        '  +1.209 s   end       failed    outcome_unknown, 1.2 s in all',
        '  +61.209 s            executed  "it is\u{fffd}in the books"',
        '',
      ].join('\n'),
    );
  });

  it('names a call again where another, or the client, came between', () => {
    const events = [
      event(0, 'run_started', { status: 'started', step: 'gateway' }),
      event(1, 'run_started', { status: 'started', step: 'gateway', call_id: 'call_2', tool: 'mail' }),
      event(1, 'note', {
        source: 'client',
        call_id: null,
        agent_id: null,
        tool: null,
        message: 'thinking',
        data: { n: 1 },
      }),
      event(1, 'run_finished', { status: 'executed' }),
    ];
    const text = timelineText(timeline(events), PLAIN);
    expect(text.match(/^\S.*$/gm)).toEqual([
      'run trip-1, 2026-11-21 12:00:00Z, 4 events',
      'call_1  charge as billing',
      'call_2  mail as billing',
      'said by the client',
      'call_1  charge as billing',
    ]);
    expect(text).toContain('note      {"n":1}, "thinking"');
  });

  it('says how a job ended, behind its calls', () => {
    const failed = { status: 'failed', call_id: null, tool: null, data: { error_code: 'policy_blocked' } };
    const events = [event(0, 'run_finished', { status: 'blocked' }), event(2_000, 'job_finished', failed)];
    expect(timelineText(timeline(events), PLAIN)).toContain(
      '\nthe job  as billing\n  +2.000 s  end  failed   policy_blocked, 2.0 s in all\n',
    );
  });

  it('sets off what is bad', () => {
    const shouting: Style = { ...PLAIN, bad: (text) => text.toUpperCase() };
    const text = timelineText(timeline([event(0, 'tool_result', { status: 'tool_error' })]), shouting);
    expect(text).toContain('TOOL_ERROR');
  });

  it('says when there is more, and when there is nothing', () => {
    expect(timelineText(timeline([event(0, 'run_started')], 500), PLAIN)).toContain('1 of 500 events: --limit');
    expect(timelineText(timeline([]), PLAIN)).toBe('nothing is known of run trip-1\n');
  });
});
