import { RISK_OF_REASON, type Reason, type Risk } from './outcome.js';

/** What a policy that only observes would have decided, as answers, logs, timelines and subscribers see it. */
export type WouldBlock = {
  readonly policy_reason: Reason;
  readonly risk_level: Risk;
};

/** The member `would_block`; none where nothing would have been blocked. */
export const wouldBlockMember = (reason: Reason | null | undefined): { readonly would_block?: WouldBlock } =>
  reason == null ? {} : { would_block: { policy_reason: reason, risk_level: RISK_OF_REASON[reason] } };
