/** A parsed answer, or a part of one: what the tests expect of it they say themselves. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
