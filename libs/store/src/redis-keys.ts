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

/** String, JSON of {@link StoredTask}; expires when the task is forgotten. */
export const taskKey = (tenant: string, key: string): string => `tollgate:task:${part(tenant)}:${part(key)}`;

/** String, JSON of {@link StoredReply}; expires two minutes after it was decided. */
export const replyKey = (tenant: string, commandId: string): string =>
  `tollgate:reply:${part(tenant)}:${part(commandId)}`;

/** Hash `month`, `make`, `ai`: the credits that a tenant has used this month. */
export const usageKey = (tenant: string): string => `tollgate:usage:${part(tenant)}`;

/** Hash: period in ms to when the bucket is full again; the rate limit of an API key, of nobody's record. */
export const rateKey = (keyId: string): string => `tollgate:rate:${part(keyId)}`;

/** Hash: source (`LEASE-0`) to `<seq>:<mark>`, how far the tasks of one partition are here. */
export const taskPositionsKey = (partition: number): string => `tollgate:positions:tasks:${String(partition)}`;

/** Patterns of everything that projections store, as SCAN takes them; `prefix` as the URL says. */
export const projectedKeys = (prefix: string): readonly string[] =>
  ['outcome', 'task', 'reply', 'usage', 'positions'].map(
    (kind) => `${prefix.replaceAll(/[*?[\]\\]/g, '\\$&')}tollgate:${kind}:*`,
  );
