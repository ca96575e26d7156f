/**
 * Every key of the Redis projection. A key prefix of one's own (tests) comes from the URL: `redis://…/?keyPrefix=x:`.
 * Free text is encoded, so that a colon in an id cannot reach another tenant's keys.
 */
const part = (text: string): string => encodeURIComponent(text);

/** String, JSON of {@link StoredOutcome}; expires {@link OUTCOME_TTL_SEC} after it was written. */
export const outcomeKey = (tenant: string, callId: string): string =>
  `tollgate:outcome:${part(tenant)}:${part(callId)}`;

/** Hash: source (`POLICY-0`) to `<seq>:<mark>`, how far the outcomes of one partition are here. */
export const outcomePositionsKey = (partition: number): string => `tollgate:positions:outcomes:${String(partition)}`;

export const OUTCOME_TTL_SEC = 3_600;
