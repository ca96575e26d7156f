/** A row as it is sent to Postgres: as JSON, with times as ISO-8601. */
export type Row<T> = { readonly [K in keyof T]: Date extends T[K] ? string | Exclude<T[K], Date> : T[K] };

export const isoTime = (ms: number): string => new Date(ms).toISOString();
