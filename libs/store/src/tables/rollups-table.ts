/** Stands for a decision in the rollups. */
export const WOULD_BLOCK = 'would_block';

/**
 * Endings per hour. `resolved` moves its call from `failed`/`outcome_unknown` to what it became, in the hour it ended.
 * Under the decision `would_block`, beside their endings, calls that a policy in observe mode would have blocked.
 */
export interface RollupsHourlyTable {
  tenant: string;
  agent: string;
  tool: string;
  hour: Date;
  decision: string;
  reason: string;
  count: number;
  spend_micros: number;
}
