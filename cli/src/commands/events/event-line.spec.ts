import { PLAIN } from '../../terminal/style.js';
import { eventLine, type FeedEvent } from './event-line.js';

const event = (change: Partial<FeedEvent>): FeedEvent => ({
  id: 42,
  ts: 1795262400,
  type: 'tool_executed',
  key: null,
  agent_id: null,
  tool: null,
  version: null,
  error_code: null,
  ...change,
});

describe('the line of an event', () => {
  it('says when, which, what and about what', () => {
    const line = eventLine(event({ agent_id: 'billing', tool: 'charge' }), PLAIN);
    expect(line).toBe('2026-11-21 12:00:00Z  42  tool_executed   charge  as billing\n');
  });

  it('holds what else there is of a lease', () => {
    const line = eventLine(event({ type: 'ai_failed', key: 'k\n1', version: 2, error_code: 'timeout' }), PLAIN);
    expect(line).toBe('2026-11-21 12:00:00Z  42  ai_failed       k\u{fffd}1  version=2  error_code=timeout\n');
  });
});
