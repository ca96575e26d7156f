import type {
  CallsTable,
  ConfigChangesTable,
  EventsTable,
  FeedTable,
  ParkedInputsTable,
  ParkedSettlementsTable,
  ProjectionPositionsTable,
  RollupsHourlyTable,
  RunCountsTable,
  RunsTable,
  RunTimelineView,
  TimelineTable,
  UsageDailyTable,
} from './tables/index.js';

/** Everything in Postgres. The audit service writes it, gateways read it; the migrations are audit's. */
export interface AuditTables {
  events: EventsTable;
  calls: CallsTable;
  feed: FeedTable;
  timeline: TimelineTable;
  run_timeline: RunTimelineView;
  runs: RunsTable;
  run_counts: RunCountsTable;
  rollups_hourly: RollupsHourlyTable;
  usage_daily: UsageDailyTable;
  config_changes: ConfigChangesTable;
  parked_inputs: ParkedInputsTable;
  parked_settlements: ParkedSettlementsTable;
  projection_positions: ProjectionPositionsTable;
}
