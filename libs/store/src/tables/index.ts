export * from './calls-table.js';
export * from './config-changes-table.js';
export * from './events-table.js';
export * from './parked-inputs-table.js';
export * from './projection-positions-table.js';
export * from './rollups-table.js';
export * from './runs-table.js';
export * from './timeline-table.js';
