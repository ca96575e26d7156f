/* What tests use: servers of their own, and a launcher as a person starts it, which is a program, not a library. */
export * from './servers/index.js';
export { LAUNCHER, Launched } from './launcher/launched.js';
