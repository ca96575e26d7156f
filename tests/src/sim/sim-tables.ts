import {
  addUsage,
  foldCallRow,
  foldRunRow,
  runRows,
  type CallRow,
  type CountedEnding,
  type PositionRow,
  type Positions,
  type ProjectedRows,
  type RollupRow,
  type RunRow,
  type UsageRow,
} from '@tollgate/audit';

/** What `insert … on conflict do nothing` does; a row that was there already is a writer's fault, and remembered. */
class Rows<T> {
  readonly all = new Map<string, T>();
  again = 0;

  insert(key: string, row: T): boolean {
    if (this.all.has(key)) {
      this.again += 1;
      return false;
    }
    this.all.set(key, row);
    return true;
  }
}

/** The tables of the record, as the SQL of the product leaves them; its own specs try that on a real server. */
export class SimTables {
  readonly events = new Rows<ProjectedRows['events'][number]>();
  readonly timeline = new Rows<ProjectedRows['timeline'][number]>();
  readonly feed = new Rows<ProjectedRows['feed'][number]>();
  readonly configChanges = new Rows<ProjectedRows['configChanges'][number]>();
  readonly parkedInputs = new Rows<ProjectedRows['parkedInputs'][number]>();
  readonly calls = new Map<string, CallRow>();
  readonly runs = new Map<string, RunRow>();
  readonly rollups = new Map<string, RollupRow>();
  readonly usage = new Map<string, UsageRow>();
  private readonly positions = new Map<string, PositionRow>();

  write(rows: ProjectedRows, rollups: readonly RollupRow[]): void {
    for (const row of rows.events) this.events.insert(String(row.id), row);
    for (const row of rows.timeline) this.timeline.insert(String(row.id), row);
    for (const row of rows.feed) this.feed.insert(String(row.id), row);
    for (const row of rows.calls) {
      const key = keyOf(row.tenant, row.call_id);
      this.calls.set(key, foldCallRow(this.calls.get(key), row));
    }
    for (const row of runRows(rows.timeline)) this.addToRun(row);
    for (const row of rollups) this.addToRollup(row);
    for (const row of rows.usage) {
      const key = keyOf(row.tenant, row.day);
      this.usage.set(key, addUsage(this.usage.get(key), row));
    }
    for (const row of rows.configChanges) this.configChanges.insert(String(row.seq), row);
    for (const row of rows.parkedInputs)
      this.parkedInputs.insert(keyOf(row.stage, row.stream, String(row.seq), String(row.idx)), row);
  }

  call(tenant: string, callId: string): CallRow | undefined {
    return this.calls.get(keyOf(tenant, callId));
  }

  countedCall(tenant: string, callId: string): CountedEnding | 'as resolved' | undefined {
    const row = this.call(tenant, callId);
    if (row !== undefined && row.resolved_id !== null) return 'as resolved';
    if (row?.in_doubt !== true || row.ended_at === null) return undefined;
    const { decision, policy_reason: reason, spend_micros: spendMicros, ended_at } = row;
    return { decision, reason, spendMicros, endedAt: Date.parse(ended_at) };
  }

  position(name: string): PositionRow | undefined {
    return this.positions.get(name);
  }

  positionsOf(names: readonly string[]): Positions {
    const known = names.flatMap((name) => this.positions.get(name) ?? []);
    return Object.fromEntries(known.map(({ source, seq, mark }) => [source, { seq, mark }]));
  }

  setPositions(rows: readonly PositionRow[]): void {
    for (const row of rows) this.positions.set(row.source, row);
  }

  private addToRun(row: RunRow): void {
    const key = keyOf(row.tenant, row.run_id, row.agent);
    const known = this.runs.get(key);
    this.runs.set(key, foldRunRow(known, row));
  }

  private addToRollup(row: RollupRow): void {
    const key = keyOf(row.tenant, row.agent, row.hour, row.tool, row.decision, row.reason);
    const known = this.rollups.get(key);
    const count = (known?.count ?? 0) + row.count;
    this.rollups.set(key, { ...row, count, spend_micros: (known?.spend_micros ?? 0) + row.spend_micros });
  }
}

const keyOf = (...parts: readonly (string | null)[]): string => parts.join('\u0000');
