/** A month, UTC, as usage is asked for by it. */
export interface Month {
  /** `YYYY-MM` */
  readonly name: string;
  /** Its first day and the first one after it, `YYYY-MM-DD`. */
  readonly first: string;
  readonly end: string;
  /** When it is over: ISO-8601. */
  readonly endsAt: string;
}

export function monthAt(ms: number): Month {
  const at = new Date(ms);
  const end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
  const name = at.toISOString().slice(0, 7);
  return { name, first: `${name}-01`, end: end.toISOString().slice(0, 10), endsAt: end.toISOString() };
}
