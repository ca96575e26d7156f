/** How many runs there are: of a tenant, and of each of its agents (one run may be of several). */
export interface RunCountsTable {
  tenant: string;
  covers: 'tenant' | 'agent';
  /** Empty for the tenant, and for what clients posted without naming an agent. */
  agent: string;
  runs: number;
}
