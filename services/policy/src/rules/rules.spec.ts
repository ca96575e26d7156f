import type { PolicyDocument, Reason, ToolDocument } from '@tollgate/events';
import { judge } from './index.js';
import type { RuleInput } from './rule.js';

const policy = (change: Partial<PolicyDocument> = {}): PolicyDocument => ({
  agent: 'a',
  version: 1,
  updatedAt: 0,
  ...change,
});
const tool = (change: Partial<ToolDocument> = {}): ToolDocument => ({
  name: 't',
  scope: 'global',
  url: 'http://127.0.0.1/',
  secret: { p: 'secret' },
  secretId: 's',
  secretMask: '***',
  timeoutMs: 1000,
  maxRetries: 0,
  enabled: true,
  onUnknown: 'hold',
  dedupWindowSec: 60,
  runIdIsArgument: false,
  serverErrorIs: 'failed',
  createdAt: 0,
  updatedAt: 0,
  ...change,
});
const given = (change: Partial<RuleInput> = {}): RuleInput => ({
  agent: 'a',
  tool: 't',
  role: 'agent',
  disabled: false,
  policy: policy(),
  registered: tool(),
  adminWithoutPolicy: 'allow',
  ...change,
});
const reason = (input: RuleInput) => judge(input).denial?.reason;

describe('the policy rules', () => {
  it('let a registered tool pass where nothing forbids it', () => {
    expect(judge(given())).toEqual({});
  });
  it('block everything of a disabled agent first', () => {
    expect(reason(given({ disabled: true, policy: policy({ blockedTools: ['t'] }) }))).toBe('agent_disabled');
  });
  it('let the block list win over the allow list', () => {
    expect(reason(given({ policy: policy({ blockedTools: ['t'], allowedTools: ['t'] }) }))).toBe(
      'tool_explicitly_blocked',
    );
  });
  it('block what is not on a list that has names, and nothing by an empty one', () => {
    expect(reason(given({ policy: policy({ allowedTools: ['other'] }) }))).toBe('tool_not_in_allowed_list');
    expect(reason(given({ policy: policy({ allowedTools: [] }) }))).toBeUndefined();
  });
  it('match names exactly, case-sensitive', () => {
    expect(reason(given({ policy: policy({ allowedTools: ['T'] }) }))).toBe('tool_not_in_allowed_list');
  });
  it('without a policy let an admin key pass, unless the server denies that, and never an agent key', () => {
    const none = { policy: undefined };
    expect(reason(given({ ...none, role: 'admin' }))).toBeUndefined();
    expect(reason(given({ ...none, role: 'admin', adminWithoutPolicy: 'deny' }))).toBe('tool_not_in_allowed_list');
    expect(reason(given(none))).toBe('tool_not_in_allowed_list');
  });
  it('say that a tool is unknown or disabled only after the lists', () => {
    expect(reason(given({ registered: undefined }))).toBe('tool_not_found');
    expect(reason(given({ registered: tool({ enabled: false }) }))).toBe('tool_disabled');
    expect(reason(given({ registered: undefined, policy: policy({ allowedTools: ['x'] }) }))).toBe(
      'tool_not_in_allowed_list',
    );
  });
});

describe('a policy in observe mode (contract section 4)', () => {
  const observing = (change: Partial<PolicyDocument> = {}) => policy({ mode: 'observe', ...change });

  it.each<[string, Partial<PolicyDocument>, Reason]>([
    ['the block list', { blockedTools: ['t'], allowedTools: ['other'] }, 'tool_explicitly_blocked'],
    ['the allow list', { allowedTools: ['other'] }, 'tool_not_in_allowed_list'],
  ])('lets pass what %s would block, and says so', (_list, lists, wouldBlock) => {
    expect(judge(given({ policy: observing(lists) }))).toEqual({ wouldBlock });
    expect(reason(given({ policy: policy({ mode: 'enforce', ...lists }) }))).toBe(wouldBlock);
  });

  it('says nothing of what it lets pass anyway', () => {
    expect(judge(given({ policy: observing({ allowedTools: ['t'] }) }))).toEqual({});
  });

  it('changes nothing of the kill switch and the registry', () => {
    const blockedTools = ['t'];
    expect(judge(given({ disabled: true, policy: observing({ blockedTools }) }))).toEqual({
      denial: { decision: 'blocked', reason: 'agent_disabled' },
    });
    expect(judge(given({ registered: undefined, policy: observing({ blockedTools }) }))).toEqual({
      denial: { decision: 'refused', reason: 'tool_not_found' },
      wouldBlock: 'tool_explicitly_blocked',
    });
  });
});
