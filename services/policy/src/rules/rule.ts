import type { PolicyDocument, Reason, ToolDocument } from '@tollgate/events';

/** What a rule may look at: plain values, so that a rule is a pure function. */
export interface RuleInput {
  readonly agent: string;
  readonly tool: string;
  readonly role: 'admin' | 'agent';
  readonly disabled: boolean;
  readonly policy: PolicyDocument | undefined;
  /** The tool that the name resolves to, in the agent's scope or globally. */
  readonly registered: ToolDocument | undefined;
  /** What an admin key may do without a stored policy. */
  readonly adminWithoutPolicy: 'allow' | 'deny';
}

export type Denial =
  | { readonly decision: 'blocked'; readonly reason: Reason }
  | { readonly decision: 'refused'; readonly reason: 'tool_not_found' | 'tool_disabled' };

/** Undefined lets the call go on to the next rule. */
export type Rule = (input: RuleInput) => Denial | undefined;
