/** Endings per hour. `resolved` moves its call from `failed`/`outcome_unknown` to what it became, in the hour it ended. */
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
