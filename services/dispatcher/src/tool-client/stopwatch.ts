/**
 * Time since its making. The larger reading of two clocks: the steady one stands still while the machine sleeps, the
 * wall clock may be set back; neither may make a connection look fresher than it is.
 */
export class Stopwatch {
  readonly #wall = Date.now();
  readonly #steady = performance.now();

  elapsedMs(): number {
    return Math.max(Date.now() - this.#wall, performance.now() - this.#steady);
  }
}
