/** Injection tokens of what has no class of its own. */
export const AUDIT_CONTEXT = Symbol('audit context');
export const DATABASE = Symbol('database');
export const REDIS = Symbol('redis');
