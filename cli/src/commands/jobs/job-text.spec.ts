import { EXIT } from '../../exit-code.js';
import { PLAIN } from '../../terminal/style.js';
import { exitOfJob } from './job-exit.js';
import { jobText } from './job-text.js';

const executed = { tool: 'charge', decision: 'executed', allowed: true, policy_reason: 'ok', result: { id: 'ch\n1' } };
const blocked = { tool: 'mail', decision: 'blocked', allowed: false, policy_reason: 'tool_not_in_allowed_list' };
const of = (results: readonly object[], more: object = {}) => ({ run_id: 'r', dry_run: false, results, ...more });

describe('a job', () => {
  it('is a line for each action, and why it ended', () => {
    const end = { status: 'failed', key: 'k', error_code: 'policy_blocked', result: of([executed, blocked]) };
    expect(jobText(end, PLAIN)).toBe(
      'failed: k, policy_blocked\n' +
        '  charge  executed  ok                        {"id":"ch\\n1"}\n' +
        '  mail    blocked   tool_not_in_allowed_list\n',
    );
  });

  it('says what was left out, and what would have been blocked', () => {
    const observed = { ...executed, would_block: { policy_reason: 'agent_late', risk_level: 'low' } };
    const result = of([observed], { skipped: 3 });
    expect(jobText({ status: 'completed', key: 'k', error_code: null, result }, PLAIN)).toMatch(
      /^completed: k\n {2}charge {2}executed {2}would be blocked: agent_late .*\n {2}3 more were skipped\n$/,
    );
  });

  it('that is no job, or not over, shows what there is', () => {
    const end = { status: 'completed', key: 'k', error_code: null };
    expect(jobText({ ...end, result: { pages: 12 } }, PLAIN)).toBe('completed: k\n  pages  12\n');
    expect(jobText({ ...end, status: 'in_progress', result: null }, PLAIN)).toBe('in_progress: k\n');
  });

  it.each([
    ['acquired', null, EXIT.done],
    ['completed', null, EXIT.done],
    ['polling', null, EXIT.unavailable],
    ['in_progress', null, EXIT.unavailable],
    ['failed', 'policy_blocked', EXIT.blocked],
    ['failed', 'outcome_unknown', EXIT.inDoubt],
    ['failed', 'tool_error', EXIT.failed],
  ])('%s %s ends with %d', (status, error_code, code) => {
    expect(exitOfJob({ status, error_code })).toBe(code);
  });
});
