/** A row of `GET /v1/runs/{run_id}`, as far as the demo reads it. */
export interface TimelineEvent {
  readonly type: string;
  readonly call_id: string;
  readonly tool: string;
  readonly status: string | null;
  readonly step: string | null;
  readonly data: { readonly policy_reason?: string; readonly attempt?: number; readonly http_status?: number | null };
}

/** Calls of one tool that went the same way. */
export interface Way {
  readonly tool: string;
  readonly steps: readonly string[];
  readonly calls: number;
}

/** The decisions on each call of a run, calls that went the same way counted instead of repeated, in the order of the first. */
export function waysOf(events: readonly TimelineEvent[]): readonly Way[] {
  const ways = new Map<string, Way>();
  for (const [first, ...rest] of Map.groupBy(events, ({ call_id }) => call_id).values()) {
    if (first === undefined) continue;
    const steps = [first, ...rest].flatMap(stepOf);
    const name = JSON.stringify([first.tool, steps]);
    ways.set(name, { tool: first.tool, steps, calls: (ways.get(name)?.calls ?? 0) + 1 });
  }
  return [...ways.values()];
}

function stepOf({ type, status, step, data }: TimelineEvent): readonly string[] {
  switch (type) {
    case 'run_started':
      return [];
    case 'tool_call':
      return [`tool called, signed (attempt ${data.attempt})`];
    case 'tool_result':
      return [`tool ${status} (HTTP ${data.http_status})`];
    case 'run_finished':
      return [`answered ${status}: ${data.policy_reason}`];
    default:
      return [`${step} ${status}`];
  }
}
