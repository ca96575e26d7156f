export * from './audit-tables.js';
export * from './log-row.js';
export * from './open-database.js';
export * from './open-redis.js';
export * from './redis-keys.js';
export * from './result-place.js';
export * from './stored-outcome.js';
export * from './tables/index.js';
