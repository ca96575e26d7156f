import type { Tollgate } from './tollgate.js';

/** What every story is played with. */
export interface Surroundings {
  readonly tollgate: Tollgate;
  /** False: the policies are taken away, to see which claims fall. */
  readonly withPolicy: boolean;
  /** Takes what must be gone at the end, also when the end is Ctrl-C. */
  readonly atEnd: AsyncDisposableStack;
}
