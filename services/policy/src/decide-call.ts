import {
  blocked,
  blockedOutcome,
  failed,
  failedOutcome,
  passOn,
  policyPassed,
  refusedOutcome,
  type CallHeader,
  type Caps,
  type DataOf,
  type Draft,
  type PolicyDocument,
  type requested,
  type Terms,
  type ToolDocument,
} from '@tollgate/events';
import { findTool, isDisabled, keyIsValid, policyEntry } from '@tollgate/journal';
import type { Turn } from '@tollgate/stage';
import { isDecided, type PolicyState } from './policy.state.js';
import { judge } from './rules/index.js';

export interface PolicySettings {
  /** From the broker's stamp of `requested`; after it nothing is sent (rule 5). */
  readonly callDeadlineMs: number;
  readonly noPolicyAdmin: 'allow' | 'deny';
}

type Requested = DataOf<typeof requested>;

/** Passes a call on with its terms, or ends it. A call that was decided before gets no second decision. */
export function decideCall(
  tenant: string,
  input: Requested,
  turn: Turn<PolicyState>,
  settings: PolicySettings,
): readonly Draft[] {
  if (isDecided(turn.state, input.call.callId)) return [];
  const stored = policyEntry(turn.config, tenant, input.call.agent)?.value;
  return [decideUnder(stored, tenant, input, turn, settings)];
}

/** What becomes of a call under this policy. */
export function decideUnder(
  policy: PolicyDocument | undefined,
  tenant: string,
  input: Requested,
  turn: Turn<PolicyState>,
  settings: PolicySettings,
): Draft {
  const { agent, tool } = input.call;
  const registered = findTool(turn.config, tenant, agent, tool);
  const header: CallHeader = {
    ...input.call,
    requestedAt: turn.stampMs,
    deadline: turn.stampMs + settings.callDeadlineMs,
    requestedId: turn.reserveId(),
    ...(policy === undefined ? {} : { policyVersion: policy.version }),
  };
  const key = turn.config.keys.get(header.keyId);
  if (!keyIsValid(key, turn.stampMs) || key.tenant !== tenant) {
    return failed.draft(tenant, { call: header, outcome: refusedOutcome('invalid_api_key') });
  }
  if (turn.now >= header.deadline) return failed.draft(tenant, { call: header, outcome: failedOutcome('expired') });
  const { denial, ...noted } = judge({
    agent,
    tool,
    role: input.role,
    disabled: isDisabled(turn.config, tenant, agent),
    policy,
    registered,
    adminWithoutPolicy: settings.noPolicyAdmin,
  });
  const call: CallHeader = { ...header, ...noted };
  if (denial?.decision === 'blocked') return blocked.draft(tenant, { call, outcome: blockedOutcome(denial.reason) });
  if (denial?.decision === 'refused') return failed.draft(tenant, { call, outcome: refusedOutcome(denial.reason) });
  if (registered === undefined) throw new TypeError('a rule let an unknown tool pass');
  const args = passOn(input.args, turn.place);
  return policyPassed.draft(tenant, { call, terms: termsOf(input, tool, policy, registered), args });
}

/** Everything later stages need of policy and tool, as they stand now. */
export function termsOf(
  input: Requested,
  tool: string,
  policy: PolicyDocument | undefined,
  registered: ToolDocument,
): Terms {
  const withoutRunId = registered.runIdIsArgument ? undefined : input.hashWithoutRunId;
  return {
    scope: registered.scope,
    cost: Math.max(priceOf(policy, tool), input.spend),
    caps: capsOf(policy, tool),
    dedupHash: withoutRunId ?? input.call.argsHash,
    ...(input.idempotencyHash === undefined ? {} : { idempotencyHash: input.idempotencyHash }),
    windowSec: registered.dedupWindowSec,
    ...(policy?.mode === undefined ? {} : { mode: policy.mode }),
  };
}

/** The last rule for a tool decides where several name it. */
function priceOf(policy: PolicyDocument | undefined, tool: string): number {
  return policy?.pricingRules?.findLast((rule) => rule.tool === tool)?.price ?? 0;
}

function capsOf(policy: PolicyDocument | undefined, tool: string): Caps {
  const perTool = policy?.maxCallsPerTool?.find((one) => one.tool === tool)?.calls;
  return {
    ...(policy?.maxActionsPerHour === undefined ? {} : { maxActionsPerHour: policy.maxActionsPerHour }),
    ...(policy?.maxSpendPerDay === undefined ? {} : { maxSpendPerDay: policy.maxSpendPerDay }),
    ...(perTool === undefined ? {} : { maxCallsPerTool: perTool }),
  };
}
