import type { z } from 'zod';

/**
 * What every event in a journal has in common.
 *
 * - `id`: 53-bit integer, set by the journal's writer (see {@link nextEventId}); 0 in CALLS and CONFIG, which have many writers.
 * - `at`: milliseconds since the Unix epoch, the writer's clock, never less than the event before it.
 * - `tenant`: whose event it is; `-` for what belongs to the installation (ownership, positions).
 * - `trace`: W3C `traceparent` of the span that made the event.
 */
export interface Event<T extends string = string, D = unknown> {
  readonly type: T;
  readonly v: number;
  readonly id: number;
  readonly at: number;
  readonly tenant: string;
  readonly trace?: string | undefined;
  readonly data: D;
}

/** An event as a decision makes it: the host adds id, version and time. */
export interface Draft<T extends string = string, D = unknown> {
  readonly type: T;
  readonly tenant: string;
  readonly trace?: string | undefined;
  readonly data: D;
}

/** The tenant of events that belong to the installation, not to a customer. */
export const NO_TENANT = '-';

/** One kind of event: its name, its current version and the schema of its data. A published version is never edited. */
export interface EventKind<T extends string, D> {
  readonly type: T;
  readonly version: number;
  readonly schema: z.ZodType<D>;
  /** Makes a draft of this kind. */
  draft(tenant: string, data: D, trace?: string): Draft<T, D>;
}

export type EventOf<K> = K extends EventKind<infer T, infer D> ? Event<T, D> : never;
export type DataOf<K> = K extends EventKind<string, infer D> ? D : never;

export function defineEvent<const T extends string, S extends z.ZodType>(
  type: T,
  version: number,
  schema: S,
): EventKind<T, z.output<S>> {
  return {
    type,
    version,
    schema: schema as z.ZodType<z.output<S>>,
    draft: (tenant, data, trace) => (trace === undefined ? { type, tenant, data } : { type, tenant, data, trace }),
  };
}
