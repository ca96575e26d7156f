/* What tests and other packages use: servers of their own. The launcher is a program, not a library. */
export * from './servers/index.js';
