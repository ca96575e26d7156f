/** Every query of the record that people's lists are made of: in one place for those who look at how they are planned. */
export { metricsOf, usageTotals } from '../account/usage-records.js';
export { cellsOf } from '../agents/metrics.js';
export { callsOf, logOf } from '../calls/call-records.js';
export { newestOf } from '../events/feed.js';
export { Following } from '../events/following.js';
export { runsOf } from '../runs/run-list.js';
export { timelineOf } from '../runs/timeline.js';
export { recordIn } from './call-record.js';
